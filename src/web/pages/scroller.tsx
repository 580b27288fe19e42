/**
 * The box of messages. Owns: where it is scrolled to.
 */
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";

/** Stays at the end while the end is in sight; a reader further up is left there, also where older messages are added above. */
export function Scroller(props: {
  count: number;
  first: string | undefined;
  isWorking: boolean;
  children: ComponentChildren;
}): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  // How far the end lies below what is seen.
  const below = useRef(0);
  const stick = (): void => {
    const at = box.current;
    if (at === null) return;
    if (isAtEnd.current) at.scrollTop = at.scrollHeight;
    below.current = at.scrollHeight - at.scrollTop;
  };
  useLayoutEffect(() => {
    const at = box.current;
    if (at !== null && !isAtEnd.current) at.scrollTop = at.scrollHeight - below.current;
  }, [props.first]);
  useLayoutEffect(stick, [props.count, props.isWorking]);
  useEffect(() => {
    // Images come later than the text around them.
    const content = box.current?.firstElementChild;
    if (content == null) return undefined;
    const observer = new ResizeObserver(stick);
    observer.observe(content);
    return () => observer.disconnect();
  }, []);
  return (
    <div
      class="scroller"
      ref={box}
      onScroll={({ currentTarget: at }) => {
        below.current = at.scrollHeight - at.scrollTop;
        isAtEnd.current = below.current - at.clientHeight < 60;
      }}
    >
      <div class="messages" role="log" aria-label="Messages" aria-live="polite">
        {props.children}
      </div>
    </div>
  );
}
