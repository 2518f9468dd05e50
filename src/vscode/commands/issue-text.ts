/** The text that a report of an issue starts with. Does not import `vscode`. */

export interface Versions {
  readonly extension: string
  /** Name and version. */
  readonly editor: string
  readonly node: string
  readonly system: string
  /** Where the extension runs, such as `ssh-remote`; undefined for the machine of the user. */
  readonly remote: string | undefined
}

/** Characters of all lines of the log together. A URL with more could be too long for a browser to open the form. */
const MAX_LOG = 4000

/** The text in Markdown, for the user to complete. `log` has the newest lines last, with secrets masked. */
export function issueText(versions: Versions, log: readonly string[]): string {
  const { extension, editor, node, system, remote } = versions
  return [
    '### What happened, and what did you expect?',
    '',
    '### How to reproduce it',
    '',
    '### Versions',
    '',
    `- Realtime Inspector ${extension}`,
    `- ${editor}, Node.js ${node}`,
    `- ${system}${remote === undefined ? '' : `, remote: ${remote}`}`,
    '',
    '### Log',
    '',
    'Secrets are masked. Remove what else others should not see, such as the names of hosts.',
    '',
    // Indented code has no end mark that a line could contain.
    ...newest(log).map((line) => `    ${line.replaceAll(/\s+/g, ' ')}`),
    '',
  ].join('\n')
}

function newest(lines: readonly string[]): readonly string[] {
  let [from, length] = [lines.length, 0]
  while (from > 0) {
    length += lines[from - 1]?.length ?? 0
    if (length > MAX_LOG) break
    from--
  }
  return lines.length === 0 ? ['(empty)'] : lines.slice(from)
}
