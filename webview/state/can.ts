/** What the host of the page can do: an editor everything, a browser less. */
import type { Signal } from '@preact/signals'
import type { PanelContext, PanelMethods } from '../../src/shared/protocol.ts'

/** Whether the host answers a call. The page does not offer what needs one that it does not answer. */
export function can(
  { context }: { readonly context: Signal<PanelContext> },
  method: keyof PanelMethods,
): boolean {
  return context.value.calls?.includes(method) ?? true
}
