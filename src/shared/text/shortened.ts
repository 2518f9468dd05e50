/** The text in at most `most` characters: if it is longer, `…` ends it, not half of a surrogate pair. */
export function shortened(text: string, most: number): string {
  return text.length > most ? `${cutText(text, most - 1)}…` : text
}

/** The first `most` characters of the text, without half of a surrogate pair at the end. */
export function cutText(text: string, most: number): string {
  const cut = text.slice(0, most)
  return /[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut
}
