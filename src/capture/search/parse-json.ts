/** The document in a payload; undefined where there is none, which is an answer here and not a failure. */
export function parseJson(text: string | undefined): unknown {
  const first = text?.trimStart().charAt(0)
  if (text === undefined || first === undefined || !/[[{"\-0-9tfn]/.test(first)) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
