/**
 * One line of a list of facts. Owns: its looks.
 */
import type { ComponentChildren, JSX } from "preact";
import "./facts.css";

type FactProps = { name: string; dir?: "auto"; children: ComponentChildren };

/** A fact and its name, in a list of class `facts`; nothing where there is no such fact. */
export function Fact({ name, dir, children }: FactProps): JSX.Element | null {
  if (children === undefined || children === false) return null;
  return (
    <>
      <dt>{name}</dt>
      <dd dir={dir}>{children}</dd>
    </>
  );
}
