import type { ComponentChildren, JSX } from "preact";

/** A fact and its name, in a list of class `facts`; nothing where there is no such fact. */
export function Fact(props: {
  name: string;
  dir?: "auto";
  children: ComponentChildren;
}): JSX.Element | null {
  const { name, dir, children } = props;
  if (children === undefined || children === false) return null;
  return (
    <>
      <dt>{name}</dt>
      <dd dir={dir}>{children}</dd>
    </>
  );
}
