/** Leads to the bytes of something in the hex view. */
import { DETAIL_ID } from '../state/keyboard.ts'
import type { MarkedBytes } from '../state/marked-bytes.ts'
import type { PageState } from '../state/page.ts'

/** Shows the hex view of an event with marked bytes. It gets the focus, because what was pressed is gone. */
export function showInHex(page: PageState, marked: MarkedBytes): void {
  const { markedBytes, layout, selection } = page
  if (selection.current.value?.index !== marked.index) page.reveal(marked.index)
  markedBytes.value = marked
  layout.change({ tab: 'hex' })
  document.getElementById(DETAIL_ID)?.focus()
}
