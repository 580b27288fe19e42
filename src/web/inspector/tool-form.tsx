/**
 * A form for one tool of the server, and one for a permission prompt.
 */
import { useState } from "preact/hooks";
import type { ListedTool } from "../../inspect/happening.ts";
import { replaceUnseen, toMark } from "../../sdk/unseen.ts";
import { type FormField, toFields, toInput, toWholeInput } from "./fields.ts";

export type Ask = (body: object) => Promise<string | undefined>;

/** What nobody sees is shown by its number, as in the terminal. */
export function show(text: string): string {
  return replaceUnseen(text.replaceAll("\r\n", "\n"), toMark);
}

export function ToolForm({ tool, ask }: { tool: ListedTool; ask: Ask }) {
  const [values, setValues] = useState<ReadonlyMap<string, string>>(new Map());
  const [fault, setFault] = useState<string>();
  const fields = toFields(tool.schema);
  const set = (name: string, value: string) => setValues(new Map([...values, [name, value]]));
  const send = async (event: Event) => {
    event.preventDefault();
    const filled =
      fields === undefined ? toWholeInput(values.get("") ?? "") : toInput(fields, values);
    if (filled.kind === "bad") return setFault(`${filled.field} ${filled.reason}`);
    setFault(await ask({ do: "call", tool: tool.name, input: filled.input }));
  };
  return (
    <form class="panel tool" onSubmit={(event) => void send(event)}>
      <h3>{show(tool.name)}</h3>
      {tool.description !== "" && <p class="fine">{show(tool.description.slice(0, 500))}</p>}
      {fields === undefined ? (
        <label>
          <span>input, as JSON</span>
          <textarea
            rows={4}
            value={values.get("") ?? ""}
            onInput={(event) => set("", event.currentTarget.value)}
          />
        </label>
      ) : (
        fields.map((field) => (
          <FieldRow
            key={field.name}
            field={field}
            value={values.get(field.name) ?? ""}
            set={(value) => set(field.name, value)}
          />
        ))
      )}
      <footer>
        <button class="send" type="submit">
          Call
        </button>
        {fault !== undefined && <span class="bad">{show(fault)}</span>}
      </footer>
    </form>
  );
}

function FieldRow({
  field,
  value,
  set,
}: {
  field: FormField;
  value: string;
  set: (value: string) => void;
}) {
  const { name, kind, options, isRequired, description } = field;
  return (
    <label title={show(description)}>
      <span>
        {show(name)}
        {isRequired && <b class="bad"> *</b>}
      </span>
      {kind === "choice" && (
        <select value={value} onChange={(event) => set(event.currentTarget.value)}>
          <option value=""></option>
          {options.map((option) => (
            <option key={option} value={option}>
              {show(option)}
            </option>
          ))}
        </select>
      )}
      {kind === "flag" && (
        <input
          type="checkbox"
          checked={value === "true"}
          onChange={(event) => set(event.currentTarget.checked ? "true" : "false")}
        />
      )}
      {kind === "number" && (
        <input
          inputMode="decimal"
          value={value}
          onInput={(event) => set(event.currentTarget.value)}
        />
      )}
      {(kind === "text" || kind === "json") && (
        <textarea
          rows={kind === "json" ? 3 : 1}
          value={value}
          placeholder={kind === "json" ? "JSON" : ""}
          onInput={(event) => set(event.currentTarget.value)}
        />
      )}
    </label>
  );
}

export function PromptForm({ ask }: { ask: Ask }) {
  const [tool, setTool] = useState("Bash");
  const [command, setCommand] = useState("rm -rf build");
  const [fault, setFault] = useState<string>();
  const send = async (body: object) => setFault(await ask(body));
  return (
    <form
      class="panel tool"
      onSubmit={(event) => {
        event.preventDefault();
        void send({
          do: "prompt",
          tool,
          input: { [tool === "Bash" ? "command" : "input"]: command },
        });
      }}
    >
      <h3>Permission prompt</h3>
      <label>
        <span>tool</span>
        <input value={tool} onInput={(event) => setTool(event.currentTarget.value)} />
      </label>
      <label>
        <span>for</span>
        <input value={command} onInput={(event) => setCommand(event.currentTarget.value)} />
      </label>
      <footer>
        <button class="send" type="submit">
          Ask
        </button>
        <button type="button" onClick={() => void send({ do: "answer", allows: true })}>
          Allow
        </button>
        <button type="button" onClick={() => void send({ do: "answer", allows: false })}>
          Deny
        </button>
        {fault !== undefined && <span class="bad">{show(fault)}</span>}
      </footer>
    </form>
  );
}
