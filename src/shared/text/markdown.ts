/** Markdown as GitHub reads it. */

/** Text from a session as it is: no markup, HTML, link or line break. */
export function escapeMarkdown(text: string): string {
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they would end a cell or a line
      .replaceAll(/[\u0000-\u001f\u007f\u2028\u2029]+/g, ' ')
      .replaceAll(/[\\`*_[\]<>|~#@]/g, '\\$&')
      .replaceAll('&', '&amp;')
      // GitHub makes links of URLs and of names that begin with "www.".
      .replaceAll('://', ':\\//')
      .replaceAll(/\bwww\./gi, (www) => `${www.slice(0, 3)}\\.`)
  )
}
