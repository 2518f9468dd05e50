/** Which character of a text the pointer is on. Elements say with `data-at` which character of the text they begin with. */

/** The character under the pointer. Undefined if there is none. */
export function characterAt({ clientX, clientY }: MouseEvent): number | undefined {
  const caret = document.caretPositionFromPoint(clientX, clientY)
  const node = caret?.offsetNode
  if (caret === null || !(node instanceof Text)) return undefined
  const first = node.parentElement?.closest<HTMLElement>('[data-at]')?.dataset.at
  if (first === undefined) return undefined
  // The caret is behind a character whose right half was pressed.
  const at = isOn(node, caret.offset - 1, clientX, clientY) ? caret.offset - 1 : caret.offset
  return Number(first) + at
}

function isOn(node: Text, offset: number, x: number, y: number): boolean {
  if (offset < 0 || offset >= node.length) return false
  const range = document.createRange()
  range.setStart(node, offset)
  range.setEnd(node, offset + 1)
  return [...range.getClientRects()].some(
    ({ left, right, top, bottom }) => x >= left && x < right && y >= top && y < bottom,
  )
}
