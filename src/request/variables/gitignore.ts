/** Whether version control leaves out private files, by the `.gitignore` files of a repository. */

/** A `.gitignore` file. */
export interface IgnoreFile {
  /** Its folder, relative to the root of the repository, with `/` between names; empty for the root. */
  readonly folder: string
  readonly text: string
}

/** The folders of a path and the path itself, from the outermost: `a/`, `a/b/`, `a/b/c`. */
function prefixes(path: string): string[] {
  const names = path.split('/')
  return names.map((_, i) => names.slice(0, i + 1).join('/') + (i + 1 < names.length ? '/' : ''))
}

/** The path inside a folder; undefined if it is not inside. */
function inside(path: string, folder: string): string | undefined {
  if (folder === '') return path
  return path.startsWith(`${folder}/`) && path.length > folder.length + 1
    ? path.slice(folder.length + 1)
    : undefined
}

/**
 * Whether git ignores a file, which it may track all the same. `path` is relative to the root of the repository, with `/`
 * between names.
 */
export async function isIgnored(path: string, files: readonly IgnoreFile[]): Promise<boolean> {
  const { default: ignore } = await import('ignore')
  const rules = [...files]
    .sort((one, other) => other.folder.length - one.folder.length)
    .map(({ folder, text }) => ({ folder, rules: ignore({ allowRelativePaths: false }).add(text) }))
  let parent = ''
  for (const prefix of prefixes(path)) {
    for (const each of rules) {
      const relative = inside(prefix, each.folder)
      if (relative === undefined) continue
      const folder = inside(parent, each.folder)
      // A folder around it that these rules ignore is not ignored after all, by rules that are nearer.
      const isOverruled = folder !== undefined && folder !== '' && each.rules.test(folder).ignored
      const { ignored, unignored } = each.rules.test(relative)
      if (ignored && !isOverruled) return true
      if (unignored) break
    }
    parent = prefix
  }
  return false
}

/** The text of a `.gitignore` file with a line added for each file name, which then is ignored in all folders below. */
export function withIgnored(text: string, names: readonly string[]): string {
  const newline = text.includes('\r\n') ? '\r\n' : '\n'
  const start = text === '' || text.endsWith('\n') ? text : text + newline
  return start + names.map((name) => name + newline).join('')
}
