/** JSON with sorted members and without white space. Undefined if the text is not JSON or is nested too deeply. */
export function canonicalJson(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return JSON.stringify(value, (_key, member: unknown) =>
      typeof member === 'object' && member !== null && !Array.isArray(member)
        ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
        : member,
    )
  } catch {
    // SyntaxError, or RangeError for nesting beyond the stack: compared byte by byte.
    return undefined
  }
}
