/** The line of a program in the editor, found among the files of the workspace. */
import assert from 'node:assert/strict'
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import * as vscode from 'vscode'
import { activated, canSearchFiles, run, until } from './inspector.ts'

const TEXT = Array.from({ length: 30 }, (_, at) => `const line${at + 1} = ${at + 1}`).join('\n')
const FILES = ['web/src/main.ts', 'api/src/main.ts', 'web/src/feed/[id].ts', 'web/index.html']

describe('Go to Code', () => {
  let root: string
  const fileAt = (path: string) => join(root, path)

  before(async () => {
    await activated()
    root = join(vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? assert.fail('no folder'), 'code')
    for (const path of FILES) {
      await mkdir(dirname(fileAt(path)), { recursive: true })
      await writeFile(fileAt(path), TEXT)
    }
    await symlink('/etc/hostname', fileAt('web/src/outside.ts'))
  })

  afterEach(async () => await vscode.commands.executeCommand('workbench.action.closeAllEditors'))
  after(async () => await rm(root, { recursive: true, force: true }))

  const go = async (file: string, line = 12, column = 7) => {
    await run('goToCode', { file, line, column })
    const editor = vscode.window.activeTextEditor
    return (
      editor && [
        editor.document.uri.fsPath,
        editor.selection.start.line + 1,
        editor.selection.start.character + 1,
      ]
    )
  }

  for (const [what, file] of [
    ['a path', () => fileAt('web/src/main.ts')],
    ['a file URL', () => vscode.Uri.file(fileAt('web/src/main.ts')).toString()],
    ['a URL by which Vite serves a file', () => `http://localhost:5173/@fs${fileAt('web/src/main.ts')}?t=1`],
    ['a URL that ends like one path', () => 'http://localhost:5173/web/src/main.ts'],
    ['a source of webpack', () => 'webpack://shop/./code/web/src/main.ts?1a2b'],
  ] as const)
    it(`opens ${what} at the line and the column`, async function () {
      if (what === 'a URL that ends like one path' && !(await canSearchFiles())) this.skip()
      assert.deepEqual(await go(file()), [fileAt('web/src/main.ts'), 12, 7])
    })

  it('opens a name with the characters of patterns, where files below the folder are named by their whole path', async () => {
    assert.deepEqual(await go('http://localhost:5173/code/web/src/feed/[id].ts', 2, 1), [
      fileAt('web/src/feed/[id].ts'),
      2,
      1,
    ])
  })

  it('asks if several files match as well', async function () {
    if (!(await canSearchFiles())) this.skip()
    const going = run('goToCode', { file: 'http://localhost:5173/code/../src/main.ts', line: 3, column: 1 })
    const isOpen = until(async () => {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem')
      return vscode.window.activeTextEditor !== undefined
    })
    await Promise.race([isOpen, going])
    await going
    assert.match(vscode.window.activeTextEditor?.document.uri.fsPath ?? '', /src.main\.ts$/)
  })

  it('opens nothing outside of the workspace, not even through a link', async () => {
    for (const file of [
      '/etc/hostname',
      'file:///etc/hostname',
      fileAt('web/src/outside.ts'),
      'http://h/missing.ts',
    ])
      assert.equal(await go(file), undefined, file)
  })

  it('refuses what is no place', async () => {
    await assert.rejects(
      async () => await run('goToCode', { file: 'a.ts', line: 0, column: 1 }),
      /count from 1/,
    )
  })
})
