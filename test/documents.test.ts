/** The links between the documents. */
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { ROOT } from '../scripts/paths.ts'
import { anchorOf } from '../site/.vitepress/anchor.ts'
import { sidebar } from '../site/.vitepress/pages.ts'
import { DECODERS } from '../src/decode/decoders.ts'
import { idTableWith } from '../src/decode/ids/table.ts'
import { SPOKEN, SPOKEN_NAMES } from '../src/shared/spoken/table.ts'

const FOLDERS = ['.', 'docs', 'bench', 'demo/folder', 'test/support', 'examples/extension', '.github']

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

  it('are all in the sidebar of the site', () => {
    assert.doesNotThrow(sidebar)
  })

  it('name every option of a protocol that is spoken', () => {
    const text = readFileSync(join(ROOT, 'docs', 'protocols.md'), 'utf8')
    const section = text.split(/^## /m).find((each) => each.startsWith('Speaking a protocol')) ?? ''
    const rows = section.split('\n').filter((line) => line.startsWith('| `'))
    const described = rows.map((row) => {
      const cells = row.slice(2, -2).split(' | ')
      const [, name] = /^`([^`]+)`$/.exec(cells[0] ?? '') ?? []
      return [
        name,
        [...(cells[2] ?? '').replaceAll(/\([^)]*\)/g, '').matchAll(/`([^`]+)`/g)].map(([, each]) => each),
      ]
    })
    assert.deepEqual(
      described.toSorted(),
      SPOKEN_NAMES.map((name) => [name, SPOKEN[name].options.map((option) => option.name)]).toSorted(),
    )
  })

  it('name every protocol that is decoded, each with a test', () => {
    const text = readFileSync(join(ROOT, 'docs', 'protocols.md'), 'utf8')
    const [, section = ''] = text.split(/^## Built-in protocols$/m)
    const tables = (section.split(/^## /m)[0] ?? '').split(/^### /m).map((table) =>
      table
        .split('\n')
        .filter((line) => line.startsWith('| `'))
        .map((line) => line.slice(2, -2).split(' | ')),
    )
    const namesIn = (cell = '') => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name)
    assert.equal(tables.length, 3)
    for (const [at, rows] of tables.entries()) {
      assert.deepEqual(
        rows.filter((cells) => cells.length !== (at === 0 ? 4 : 3)),
        [],
      )
      assert.deepEqual(
        rows.flatMap(([names]) => namesIn(names)).toSorted(),
        DECODERS.map(({ name }) => name).toSorted(),
      )
    }
    const [found = [], , tested = []] = tables
    // That the files exist, the first test checks.
    assert.deepEqual(
      tested.filter(([, , test = '']) => !/\]\(\.\.\/test\/.*\.test\.ts\)/.test(test)),
      [],
    )
    const spoken = found.flatMap(([names, , cell]) => (cell === 'yes' ? namesIn(names) : []))
    assert.deepEqual(spoken.toSorted(), SPOKEN_NAMES.toSorted())
    const replayed = found.flatMap(([names, , , cell = '']) => (/^\[?yes\b/.test(cell) ? namesIn(names) : []))
    assert.deepEqual(replayed.toSorted(), [...idTableWith().keys()].toSorted())
  })
})
