/** The text in at most `most` characters: if it is longer, `…` ends it. */
export function shortened(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text
}
