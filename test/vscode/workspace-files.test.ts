/** The files of the workspace, in folders that come and go with them. */
import assert from 'node:assert/strict'
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as vscode from 'vscode'
import { WorkspaceFiles } from '../../src/vscode/files/workspace-files.ts'
import { canSearchFiles, until } from './inspector.ts'

const ENDING = '.of-this-test'
const MOST = 10

describe('the files of the workspace', () => {
  let root: string
  let files: WorkspaceFiles

  before(async function () {
    if (!(await canSearchFiles())) this.skip()
    root = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? assert.fail('no folder is open')
  })
  beforeEach(() => {
    files = new WorkspaceFiles([ENDING], MOST)
  })
  afterEach(() => {
    files.dispose()
    // Each test has folders of its own, because the watcher may report those of the one before late.
    for (const folder of ['one', 'two', 'old', 'many', 'told', 'node_modules'])
      rmSync(join(root, folder), { recursive: true, force: true })
  })

  /** Creates a folder and, before anybody can watch it, files in it. */
  function create(folder: string, ...names: readonly string[]): void {
    mkdirSync(join(root, folder), { recursive: true })
    for (const name of names) writeFileSync(join(root, folder, `${name}${ENDING}`), '')
  }

  const names = async () =>
    (await files.list()).map(({ fsPath }) => fsPath.slice(root.length + 1, -ENDING.length)).sort()
  const lists = (...wanted: readonly string[]) => until(async () => `${await names()}` === `${wanted}`)

  it('are found in a folder that is created with them, and gone with it', async () => {
    assert.deepEqual(await names(), [])
    create('node_modules/one', 'x')
    create('one/deep/er', 'a', 'b')
    await lists('one/deep/er/a', 'one/deep/er/b')
    renameSync(join(root, 'one'), join(root, 'two'))
    await lists('two/deep/er/a', 'two/deep/er/b')
    rmSync(join(root, 'two'), { recursive: true })
    await lists()
  })

  it('are those of the new folder if it replaces another one', async () => {
    create('old', 'a', 'b')
    await lists('old/a', 'old/b')
    rmSync(join(root, 'old'), { recursive: true })
    create('old', 'b', 'c')
    await lists('old/b', 'old/c')
  })

  it('are found if many folders are created at a time', async () => {
    assert.deepEqual(await names(), [])
    create('many/0', 'a')
    for (let n = 1; n < 300; n++) create(`many/${n}`)
    await lists('many/0/a')
  })

  it('tell that they have changed', async () => {
    await files.list()
    const changed = new Promise<void>((resolve) => {
      files.onChange(async () => {
        if ((await names()).length === 2) resolve()
      })
    })
    create('told', 'a', 'b')
    await changed
  })
})
