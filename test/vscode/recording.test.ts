/** A recording and its file when operations overlap: it is closed during a reload, or changes during a check. */
import assert from 'node:assert/strict'
import * as vscode from 'vscode'
import { FileWatch } from '../../src/vscode/session/file-watch.ts'
import { RecordingSession } from '../../src/vscode/session/recording-session.ts'
import { twoConnections } from '../support/recording.ts'
import { writeSession } from '../support/recording-file.ts'
import { removeTempDirs, tempDir } from '../support/temp-dir.ts'
import { until } from './inspector.ts'
import { surroundings } from './parts.ts'

describe('a recording', () => {
  afterEach(removeTempDirs)

  function open(): RecordingSession {
    const folder = tempDir()
    const { engine: script, storage, log } = surroundings(folder)
    const path = writeSession(folder, 'a.rtsession', twoConnections(8))
    return new RecordingSession(vscode.Uri.file(path), path, { script, storage, log })
  }

  it('is read again by a new engine', async () => {
    const recording = open()
    try {
      const { events } = await recording.call('status', null, 0)
      let resets = 0
      recording.on('reset', () => resets++)
      await recording.reload()
      assert.equal(resets, 1)
      assert.equal((await recording.call('status', null, 0)).events, events)
    } finally {
      await recording.dispose()
    }
  })

  it('does not start an engine if it is closed while it is read again', async () => {
    const recording = open()
    await recording.call('status', null, 0)
    const reloading = recording.reload()
    await recording.dispose()
    await assert.rejects(reloading, { code: 'CLOSED' })
    assert.equal(recording.running, false)
    await assert.rejects(recording.call('status', null), { code: 'CLOSED' })
  })
})

type Stat = () => Promise<vscode.FileStat>

const asOf = (mtime: number): vscode.FileStat => ({ type: vscode.FileType.File, ctime: 0, mtime, size: 1 })

/** A file system with one file, which responds as the test decides. */
class OneFile implements vscode.FileSystemProvider {
  readonly #changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>()
  readonly onDidChangeFile = this.#changed.event
  readonly uri: vscode.Uri
  stat: Stat = async () => asOf(0)

  constructor(scheme: string) {
    this.uri = vscode.Uri.from({ scheme, path: '/folder/a.rtsession' })
  }

  /** Reports a change of the file, or of another one. */
  tell(uri = this.uri): void {
    this.#changed.fire([{ type: vscode.FileChangeType.Changed, uri }])
  }

  /** Reports a change of the file. The function that it returns answers the check that follows. */
  async lookedAt(): Promise<(answer: Stat) => void> {
    let settle: (answer: Stat) => void = () => {}
    const asked = new Promise<void>((resolve) => {
      this.stat = () => {
        resolve()
        this.stat = async () => asOf(0)
        return new Promise((done) => {
          settle = (answer) => done(answer())
        })
      }
    })
    this.tell()
    await asked
    return settle
  }

  watch = () => new vscode.Disposable(() => {})
  readDirectory = () => []
  createDirectory = () => {}
  readFile = () => new Uint8Array()
  writeFile = () => {}
  delete = () => {}
  rename = () => {}
}

describe("the watch over a recording's file", () => {
  let file: OneFile
  let watch: FileWatch
  let registration: vscode.Disposable
  const told: string[] = []
  let schemes = 0

  beforeEach(async () => {
    file = new OneFile(`realtime-watched-${++schemes}`)
    registration = vscode.workspace.registerFileSystemProvider(file.uri.scheme, file)
    const read = new Promise<void>((resolve) => {
      file.stat = async () => {
        resolve()
        return asOf(1)
      }
    })
    watch = new FileWatch(file.uri)
    told.length = 0
    watch.onChange((change) => told.push(change))
    await read
    // Reports changes until VS Code watches the file. Then all reports have come, and all checks have begun, when the
    // test begins: VS Code passes reports on in order, so that of another file comes last.
    const folder = vscode.Uri.joinPath(file.uri, '..')
    const last = vscode.Uri.joinPath(folder, 'last')
    let [looks, reported, isLast] = [0, 0, false]
    const all = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(folder, '*'))
    all.onDidChange(({ path }) => {
      if (path === file.uri.path) reported++
      else isLast = true
    })
    file.stat = async () => {
      looks++
      return asOf(2)
    }
    await until(() => {
      file.tell()
      return watch.change === 'changed'
    })
    file.tell(last)
    await until(() => isLast && looks >= reported)
    all.dispose()
  })

  afterEach(() => {
    watch.dispose()
    registration.dispose()
  })

  const changes = (change: string) => until(() => watch.change === change)
  const gone = async () => {
    throw vscode.FileSystemError.FileNotFound()
  }

  it('trusts the latest check, even if an earlier one ends later', async () => {
    const answerFirst = await file.lookedAt()
    const answerSecond = await file.lookedAt()
    answerSecond(gone)
    await changes('gone')
    answerFirst(async () => asOf(2))
    const answerThird = await file.lookedAt()
    answerThird(async () => asOf(1))
    await changes('none')
    assert.deepEqual(told, ['changed', 'gone', 'none'])
  })

  it('ignores a check that was under way when the file was read again', async () => {
    const answer = await file.lookedAt()
    file.stat = async () => asOf(5)
    watch.restart()
    assert.equal(watch.change, 'none')
    answer(gone)
    const answerNext = await file.lookedAt()
    answerNext(async () => asOf(6))
    await changes('changed')
    assert.deepEqual(told, ['changed', 'none', 'changed'])
  })
})
