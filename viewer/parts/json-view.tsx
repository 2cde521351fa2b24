import type { VNode } from 'preact';

/** More members than these are not opened at first. */
const OPEN_MEMBERS = 12;
const LONG_TEXT = 400;

/** A value as a tree that opens and closes. Texts are text. */
export function JsonView({
  value,
  depth = 0,
}: {
  readonly value: unknown;
  readonly depth?: number;
}): VNode {
  if (typeof value === 'string') {
    if (value.length <= LONG_TEXT) return <span class="json-text">{JSON.stringify(value)}</span>;
    return (
      <details>
        <summary class="json-text">{JSON.stringify(value.slice(0, 80))} …</summary>
        <pre class="json-long">{value}</pre>
      </details>
    );
  }
  if (typeof value !== 'object' || value === null) {
    return <span class="json-value">{value === undefined ? 'nothing' : String(value)}</span>;
  }
  const members = Object.entries(value);
  if (members.length === 0) return <span class="dim">{Array.isArray(value) ? '[]' : '{}'}</span>;
  const rows = members.map(([name, member]) => (
    <div class="json-row" key={name}>
      <span class="json-name">{name}</span>
      <JsonView value={member} depth={depth + 1} />
    </div>
  ));
  if (depth === 0) return <div class="json">{rows}</div>;
  return (
    <details open={depth < 2 && members.length <= OPEN_MEMBERS}>
      <summary class="dim">{Array.isArray(value) ? `${members.length} items` : '{…}'}</summary>
      <div class="json">{rows}</div>
    </details>
  );
}
