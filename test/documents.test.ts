/** The links between the documents. */
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { ROOT } from '../scripts/paths.ts'

const FOLDERS = ['.', 'docs', 'bench', 'demo/folder', 'test/support', '.github']

/** The id that repository pages give to a heading. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-')
}

function anchorsIn(file: string): string[] {
  return [...readFileSync(file, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading))
}

describe('the documents', () => {
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder))
      .filter((name) => name.endsWith('.md'))
      .map((name) => join(ROOT, folder, name)),
  )

  it('link to files and headings that exist', () => {
    const broken = files.flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)/g)].flatMap(
        ([link, path = '', anchor]) => {
          const target = path === '' ? file : join(dirname(file), path)
          const isThere = existsSync(target) && (anchor === undefined || anchorsIn(target).includes(anchor))
          return isThere ? [] : [`${relative(ROOT, file)}: ${link}`]
        },
      ),
    )
    assert.ok(files.length > 8, `${files.length} documents`)
    assert.deepEqual(broken, [])
  })
})
