import type { VNode } from 'preact';

/** Names, and what each is. */
export function Facts({ rows }: { readonly rows: readonly (readonly [string, string])[] }): VNode {
  return (
    <dl class="fields">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
