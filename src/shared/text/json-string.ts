/** The index behind the closing quote of the JSON string that begins at `start`; the text's length if it is not closed. */
export function endOfString(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let escapes = 0
    while (at - escapes - 1 > start && text[at - escapes - 1] === '\\') escapes++
    if (escapes % 2 === 0) return at + 1
  }
  return text.length
}
