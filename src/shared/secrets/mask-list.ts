/** Parses masks that the user types in one line. */

/** Names and JSONPaths, separated by white space or commas. Separators inside brackets or quotes belong to a path. */
export function splitMasks(text: string): string[] {
  const masks: string[] = []
  let start = 0
  let depth = 0
  let quote = ''
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at)
    if (quote !== '') {
      if (character === '\\') at++
      else if (character === quote) quote = ''
    } else if (depth > 0 && (character === '"' || character === "'")) quote = character
    else if (character === '[' && text[start] === '$') depth++
    else if (character === ']') depth = Math.max(depth - 1, 0)
    else if (depth === 0 && /[\s,]/.test(character)) {
      masks.push(text.slice(start, at))
      start = at + 1
    }
  }
  return [...masks, text.slice(start)].filter((mask) => mask !== '')
}
