/** The first names of a list, as the end of a sentence. */
export function someOf(names: readonly string[], most = 10): string {
  return names.length > most ? `${names.slice(0, most).join(', ')}, …` : `${names.join(', ')}.`
}
