import type { VNode } from 'preact';

/** What stands in place of a picture that cannot be drawn. */
export function Message({ title, text }: { readonly title: string; readonly text: string }): VNode {
  return (
    <main class="message">
      <h1>{title}</h1>
      <p role="alert">{text}</p>
      <p class="dim">
        A page is made by <code>npx faultlab view</code>. Nothing of it comes from the network.
      </p>
    </main>
  );
}
