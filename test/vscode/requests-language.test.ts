/**
 * What editors show in files of requests. Another extension for the same language, as REST Client and httpYac declare it,
 * is installed beside this one.
 */
import assert from 'node:assert/strict'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import * as vscode from 'vscode'
import type { RealtimeInspectorApi } from '../../src/vscode/api.ts'
import { closeServers, serveWebSocket } from '../support/loopback.ts'
import { activated, canSearchFiles, run, until } from './inspector.ts'

const OTHER = 'fixture.http-extension'

describe('editors of files of requests', () => {
  let api: RealtimeInspectorApi
  let root: string
  let url: string
  let documents = 0

  before(async () => {
    api = await activated()
    assert.ok(vscode.extensions.getExtension(OTHER), 'the other extension for the language is not installed')
    const [folder] = vscode.workspace.workspaceFolders ?? []
    root = join(folder?.uri.fsPath ?? assert.fail('no folder is open'), 'language')
    url = await serveWebSocket((socket) => {
      socket.on('message', (data) => socket.send(`{"type":"ok","of":${JSON.stringify(String(data))}}`))
    })
  })
  afterEach(async () => {
    for (const { id } of api.connections()) await run('disconnect', id)
    await run('clear')
    await run('selectEnvironment', null)
    await vscode.commands.executeCommand('workbench.action.closeAllEditors')
    await rm(root, { recursive: true, force: true })
  })
  after(closeServers)

  async function file(name: string, text: string): Promise<vscode.Uri> {
    const path = join(root, name)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, text)
    return vscode.Uri.file(path)
  }

  async function shown(name: string, text: string): Promise<vscode.TextDocument> {
    const document = await vscode.workspace.openTextDocument(await file(name, text))
    await vscode.window.showTextDocument(document)
    return document
  }

  /** A document in which `|` was the place of the cursor. Each has a name of its own: the editor keeps old ones. */
  async function atCursor(marked: string) {
    const document = await shown(`cursor-${++documents}.http`, marked.replace('|', ''))
    return { document, position: document.positionAt(marked.indexOf('|')) }
  }

  async function completions(marked: string): Promise<vscode.CompletionItem[]> {
    const { document, position } = await atCursor(marked)
    const { items }: vscode.CompletionList = await vscode.commands.executeCommand(
      'vscode.executeCompletionItemProvider',
      document.uri,
      position,
    )
    return items
  }

  async function labels(marked: string): Promise<unknown[]> {
    return (await completions(marked)).map(({ label }) => label)
  }

  async function hover(marked: string): Promise<string> {
    const { document, position } = await atCursor(marked)
    return await hoverAt(document, position)
  }

  async function hoverAt(document: vscode.TextDocument, position: vscode.Position): Promise<string> {
    const hovers: vscode.Hover[] = await vscode.commands.executeCommand(
      'vscode.executeHoverProvider',
      document.uri,
      position,
    )
    return hovers
      .flatMap(({ contents }) => contents.map((each) => (typeof each === 'string' ? each : each.value)))
      .join('\n')
      .replaceAll(/\\(?=[!-/:-@[-`{-~])/g, '')
  }

  /** The rows of lenses: the texts of each line, by its number. */
  async function lensRows(document: vscode.TextDocument): Promise<Record<number, string[]>> {
    const lenses: vscode.CodeLens[] = await vscode.commands.executeCommand(
      'vscode.executeCodeLensProvider',
      document.uri,
      100,
    )
    const rows: Record<number, string[]> = {}
    for (const { range, command } of lenses) {
      const row = rows[range.start.line] ?? []
      row.push(command?.title ?? '')
      rows[range.start.line] = row
    }
    return rows
  }

  async function lensCommand(document: vscode.TextDocument, title: string): Promise<vscode.Command> {
    const lenses: vscode.CodeLens[] = await vscode.commands.executeCommand(
      'vscode.executeCodeLensProvider',
      document.uri,
      100,
    )
    return lenses.find((lens) => lens.command?.title === title)?.command ?? assert.fail(title)
  }

  async function runLens(document: vscode.TextDocument, title: string): Promise<void> {
    const { command, arguments: given = [] } = await lensCommand(document, title)
    await vscode.commands.executeCommand(command, ...given)
  }

  /** The marks in a document as text, severity and code, once `isComplete` accepts them. */
  async function marks(
    document: vscode.TextDocument,
    isComplete: (marks: readonly string[]) => boolean,
  ): Promise<readonly string[]> {
    return await until(() => {
      const found = vscode.languages
        .getDiagnostics(document.uri)
        .filter(({ source }) => source === 'Realtime Inspector')
        .map(
          ({ range, severity, code }) =>
            `${document.getText(range)} ${vscode.DiagnosticSeverity[severity]} ${code}`,
        )
      return isComplete(found) && found
    })
  }

  async function fixes(document: vscode.TextDocument, code: string): Promise<vscode.CodeAction[]> {
    const mark = await until(() =>
      vscode.languages.getDiagnostics(document.uri).find((each) => each.code === code),
    )
    return await vscode.commands.executeCommand(
      'vscode.executeCodeActionProvider',
      document.uri,
      mark.range,
      vscode.CodeActionKind.QuickFix.value,
    )
  }

  it('have the language of the other extension', async () => {
    const document = await shown('language.http', 'WS ws://localhost')
    assert.equal(document.languageId, 'http')
    assert.equal((await shown('language.rest', 'WS ws://localhost')).languageId, 'http')
  })

  it('complete methods, headers, options and values', async () => {
    assert.ok((await labels('|')).includes('WEBSOCKET'))
    assert.ok((await labels('### A\nW|')).includes('WEBSOCKET'))
    assert.ok((await labels('GET http://localhost/\nAcc|')).includes('Accept'))
    assert.ok((await labels('GET http://localhost/\nAccept: |')).includes('text/event-stream'))
    assert.ok((await labels('# @option |\nWS ws://localhost')).includes('protocol'))
    assert.ok((await labels('# @option protocol |\nWS ws://localhost')).includes('socket.io'))
    assert.ok((await labels('WS ws://localhost\n\na\n=|')).includes('=== wait-for-server'))
  })

  it('complete variables with their values, but not with secrets', async () => {
    await file('http-client.env.json', '{"dev": {"host": "localhost:3000", "apiToken": "hush-hush"}}')
    await run('selectEnvironment', 'dev')
    const items = await until(async () => {
      const found = await completions('@room = blue\nWS ws://{{|')
      return found.some(({ label }) => label === 'host') && found
    })
    const detail = (label: string) => items.find((each) => each.label === label)?.detail
    assert.equal(detail('room'), 'blue')
    assert.equal(detail('host'), 'localhost:3000')
    assert.equal(detail('apiToken'), '•••')
    assert.ok(items.some(({ label }) => label === '$uuid'))
    assert.ok(!items.some((item) => JSON.stringify(item).includes('hush-hush')))
  })

  it('complete the paths of files beside the document', async () => {
    await file('bodies/hello.json', '{}')
    assert.deepEqual(await labels('POST http://localhost/\n\n< |'), [`cursor-${documents}.http`, 'bodies'])
    assert.deepEqual(await labels('POST http://localhost/\n\n< ./bodies/|'), ['hello.json'])
  })

  it('explain variables, methods, options and URLs, without secrets', async () => {
    await file(
      'http-client.env.json',
      '{"dev": {"host": "localhost:3000"}, "live": {"host": "shop.example.com"}}',
    )
    await file('http-client.private.env.json', '{"dev": {"password": "hush-hush"}}')
    await run('selectEnvironment', 'dev')
    // The editor notices new files some time after they are written.
    const variable = await until(async () => {
      const found = await hover('WS wss://{{ho|st}}/')
      return found.includes('host = localhost') && found
    })
    assert.match(variable, /host = localhost:3000/)
    assert.match(variable, /in the environment dev/)
    assert.match(variable, /live: shop\.example\.com/)
    const secret = await hover('WS wss://{{pass|word}}/')
    assert.match(secret, /password = •••/)
    assert.match(secret, /private/)
    const all = await hover('WS wss://{{host}}/?a={{password}}&token={{$secret T}}&b=|1')
    assert.match(all, /wss:\/\/localhost:3000\/\?a=•••&token=[*•]+&b=1/)
    assert.match(await hover('WS wss://{{$secret MY_|TOKEN}}/'), /Not set/)
    assert.match(await hover('LONG|POLL http://localhost/'), /Long polling/)
    assert.match(await hover('# @option time|out 5\nWS ws://localhost'), /milliseconds/)
    assert.match(await hover('WS wss://{{nothing|}}/'), /There is no variable/)
  })

  it('show what files say as text, not as Markdown', async () => {
    await file(
      'http-client.env.json',
      JSON.stringify({ dev: { a: '\n```\n[x](command:workbench.action.quit)' } }),
    )
    await run('selectEnvironment', 'dev')
    const text = await until(async () => {
      const found = await hover('WS ws://{{|a}}')
      return found.includes('plaintext') && found
    })
    assert.match(text, /````plaintext\na = \n```\n\[x\]\(command:workbench\.action\.quit\)\n````/)
  })

  it('have an outline and folding ranges', async () => {
    const document = await shown(
      'outline.http',
      '@a = 1\n### Chat\n# @name chat\nWS ws://localhost\n\n{\n}\n===\nbye\n',
    )
    const symbols: vscode.DocumentSymbol[] = await vscode.commands.executeCommand(
      'vscode.executeDocumentSymbolProvider',
      document.uri,
    )
    assert.deepEqual(
      symbols.map(({ name, children }) => [name, children.map((child) => child.name)]),
      [
        ['a', []],
        ['Chat', ['{', 'bye']],
      ],
    )
    const folds: vscode.FoldingRange[] = await vscode.commands.executeCommand(
      'vscode.executeFoldingRangeProvider',
      document.uri,
    )
    assert.deepEqual(
      folds.map(({ start, end }) => [start, end]),
      [
        [1, 8],
        [5, 6],
      ],
    )
  })

  it('are formatted as a whole or in a range, without a change of what they say', async () => {
    const document = await shown('format.http', '@a=1\nWS   ws://localhost\nX-A:b\n\n{"a":  1}\n')
    const options = { tabSize: 2, insertSpaces: true }
    const edits: vscode.TextEdit[] = await vscode.commands.executeCommand(
      'vscode.executeFormatDocumentProvider',
      document.uri,
      options,
    )
    const some: vscode.TextEdit[] = await vscode.commands.executeCommand(
      'vscode.executeFormatRangeProvider',
      document.uri,
      document.lineAt(2).range,
      options,
    )
    assert.ok(some.length > 0 && some.length < edits.length)
    const edit = new vscode.WorkspaceEdit()
    edit.set(document.uri, edits)
    await vscode.workspace.applyEdit(edit)
    assert.match(document.getText(), /^@a = 1\n\n?WS ws:\/\/localhost\nX-A: b\n\n\{"a": {2}1\}\n$/)
    await vscode.commands.executeCommand('workbench.action.files.revert')
  })

  it('lead to the definitions of variables, also in files of environments', async () => {
    const environments = await file(
      'http-client.env.json',
      '{\n  "dev": {\n    "host": "localhost"\n  }\n}\n',
    )
    await run('selectEnvironment', 'dev')
    const definition = async (marked: string) => {
      const { document, position } = await atCursor(marked)
      const [found]: vscode.Location[] = await vscode.commands.executeCommand(
        'vscode.executeDefinitionProvider',
        document.uri,
        position,
      )
      return found && [found.uri.path.split('/').at(-1), found.range.start.line, found.range.start.character]
    }
    assert.deepEqual(await definition('@a = 1\nWS ws://{{|a}}'), [`cursor-${documents}.http`, 0, 1])
    const elsewhere = await until(() => definition('WS ws://{{ho|st}}'))
    assert.deepEqual(elsewhere, [environments.path.split('/').at(-1), 2, 5])
    assert.deepEqual(await definition('# @set t = $.t\nWS ws://a\n\n{{|t}}'), [
      `cursor-${documents}.http`,
      0,
      7,
    ])
  })

  it('rename variables in all files that have them', async function () {
    if (!(await canSearchFiles())) this.skip()
    await file('http-client.env.json', '{"dev": {"host": "a"}, "live": {"host": "b"}}')
    await file('other.http', 'WS ws://{{host}}/other')
    await file('own.http', '@host = own\nWS ws://{{host}}/own')
    await run('selectEnvironment', 'dev')
    const { document, position } = await atCursor('WS ws://{{ho|st}}/{{host}}')
    await until(async () => {
      // Requests and environments are known some time after they are written. Until then, what the file had before may
      // be refused.
      const edit = await vscode.commands
        .executeCommand<vscode.WorkspaceEdit>(
          'vscode.executeDocumentRenameProvider',
          document.uri,
          position,
          'server',
        )
        .then(undefined, () => undefined)
      const changed = edit
        ?.entries()
        .map(([uri, edits]) => `${uri.path.split('/').at(-1)} ${edits.length}`)
        .sort()
      return changed?.join() === `cursor-${documents}.http 2,http-client.env.json 2,other.http 1`
    })
    const references: vscode.Location[] = await vscode.commands.executeCommand(
      'vscode.executeReferenceProvider',
      document.uri,
      position,
    )
    assert.equal(references.length, 5)
  })

  it('link the files that requests send', async () => {
    const document = await shown('links.http', 'POST http://localhost/\n\n<@ ./body.json\n')
    const links: vscode.DocumentLink[] = await vscode.commands.executeCommand(
      'vscode.executeLinkProvider',
      document.uri,
    )
    const paths = links.map(({ target }) => target?.path.split('/').slice(-2).join('/'))
    assert.deepEqual(
      paths.filter((path) => path?.endsWith('.json')),
      ['language/body.json'],
    )
    // The code lens connects, not the URL.
    const sockets = await shown('sockets.http', 'WS ws://localhost:1/')
    const others: vscode.DocumentLink[] = await vscode.commands.executeCommand(
      'vscode.executeLinkProvider',
      sockets.uri,
    )
    assert.ok(others.every(({ target }) => target?.scheme !== 'command'))
  })

  it('mark mistakes at their places, and only in files of requests', async () => {
    const text =
      '### A\n# @option timeot 5\n# @option interval 5\n# @name a\nWS ws://localhost/{{nothing}}\nAuthorization: Bearer abcdef\n' +
      '### B\n# @name a\nWS ws://local host/\n### C\n# @protocol mqtt\n# @protocol-option clientID=1\nWS ws://localhost\n'
    const document = await shown('marks.http', text)
    const found = await marks(document, (all) => all.some((each) => each.includes('clientID')))
    for (const expected of [
      'timeot Warning UNKNOWN_OPTION',
      '{{nothing}} Warning UNKNOWN_VARIABLE',
      'a Warning SAME_NAME',
      'abcdef Information LITERAL_SECRET',
      'clientID Warning UNKNOWN_OPTION',
    ])
      assert.ok(found.includes(expected), `${expected} is not in ${found.join('\n')}`)
    assert.ok(
      found.some((each) => each === 'ws://local host/ Error BAD_URL'),
      found.join('\n'),
    )
    const plain = await vscode.workspace.openTextDocument({ language: 'plaintext', content: text })
    assert.deepEqual(vscode.languages.getDiagnostics(plain.uri), [])
  })

  it('mark options without an effect on the connection', async () => {
    const document = await shown('effect.http', '# @option interval 5\nWS ws://localhost')
    await marks(document, (all) => all.includes('interval Warning NO_EFFECT'))
  })

  it('follow the environment that is chosen, and mark mistakes in its file', async () => {
    const environments = await file(
      'http-client.env.json',
      '{"dev": {"host": "localhost"}, "live": {"not a name": "x"}}',
    )
    const document = await shown('follow.http', 'WS ws://{{host}}')
    await marks(document, (all) => all.includes('{{host}} Warning UNKNOWN_VARIABLE'))
    await run('selectEnvironment', 'dev')
    await marks(document, (all) => all.length === 0)
    const opened = await vscode.workspace.openTextDocument(environments)
    await marks(opened, (all) => all.includes('"not a name" Warning BAD_NAME'))
  })

  it('fix mistakes', async () => {
    const document = await shown('fixes.http', '# @option timeot 5\nWS ws://{{hots}}\n')
    await file('http-client.env.json', '{"dev": {"host": "localhost"}}')
    await run('selectEnvironment', 'dev')
    const titles = async () => (await fixes(document, 'UNKNOWN_VARIABLE')).map(({ title }) => title)
    await until(async () => (await titles()).includes('Change to {{host}}'))
    assert.ok((await titles()).includes('Define hots in This File'))
    const add = (await fixes(document, 'UNKNOWN_VARIABLE')).find(({ title }) =>
      title.startsWith('Add hots to'),
    )
    assert.equal(add?.title, 'Add hots to http-client.env.json (dev)')
    const [near] = await fixes(document, 'UNKNOWN_OPTION')
    assert.ok(near?.edit)
    await vscode.workspace.applyEdit(near.edit)
    assert.equal(document.lineAt(0).text, '# @option timeout 5')
    await vscode.commands.executeCommand('workbench.action.files.revert')
  })

  it('move tokens to the secret storage', async () => {
    const document = await shown('secret.http', 'WS ws://localhost\nAuthorization: Bearer hush-hush-1\n')
    const [move] = await fixes(document, 'LITERAL_SECRET')
    assert.equal(move?.title, 'Move to Secret…')
    assert.ok(move.command)
    const moved = vscode.commands.executeCommand(move.command.command, ...(move.command.arguments ?? []))
    let isDone = false
    moved.then(() => {
      isDone = true
    })
    // The box has a name for the secret. It takes the key once it is open.
    await until(async () => {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem')
      return isDone
    })
    assert.equal(document.lineAt(1).text, 'Authorization: Bearer {{$secret TOKEN}}')
    assert.match(await hover('WS ws://{{$secret TO|KEN}}'), /Kept in the secret storage/)
    await vscode.window.showTextDocument(document)
    await vscode.commands.executeCommand('workbench.action.files.revert')
  })

  it('mark a file that is missing, until there is one', async () => {
    const document = await shown(
      'missing.http',
      'POST http://localhost/\nAccept: text/event-stream\n\n<@ ./later.json\n',
    )
    await marks(document, (all) => all.includes('./later.json Error NO_FILE'))
    const edit = new vscode.WorkspaceEdit()
    edit.createFile(vscode.Uri.file(join(root, 'later.json')), { contents: new TextEncoder().encode('{}') })
    await vscode.workspace.applyEdit(edit)
    await marks(document, (all) => all.length === 0)
  })

  it('have lenses that run requests and say what they do', async () => {
    const document = await shown(
      'lens.http',
      `### Chat\n# @name chat\nWEBSOCKET ${url}\n\nhello\n=== wait-for-server\nbye\n`,
    )
    assert.deepEqual(await lensRows(document), { 1: ['Connect'], 4: ['Send'], 6: ['Send'] })
    await runLens(document, 'Connect')
    const rows = await until(async () => {
      const found = await lensRows(document)
      return found[1]?.[0]?.includes('Open') && found[6]?.[1]?.startsWith('sent') && found
    })
    assert.deepEqual(Object.keys(rows), ['1', '4', '6'])
    assert.match(rows[1]?.[0] ?? '', /^\$\(circle-filled\) Open 00:\d\d/)
    assert.deepEqual(rows[1]?.slice(1), ['Show Events', 'Disconnect', 'Send All'])
    assert.match(rows[4]?.[1] ?? '', /^sent 00:\d\d\.\d{3}/)
    await until(async () => (await lensRows(document))[1]?.[0]?.includes('last ok'))
    await runLens(document, 'Send')
    await until(() => api.connections().some(({ messagesIn }) => messagesIn === 3))
    await runLens(document, 'Disconnect')
    const ended = await until(async () => {
      const found = await lensRows(document)
      return found[1]?.[0] === 'Connect' && found
    })
    assert.match(ended[1]?.[1] ?? '', /^Closed, .*3 messages$/)
    assert.deepEqual(Object.keys(ended), ['1', '4', '6'])
  })

  it('say what came of what is expected', async () => {
    const document = await shown(
      'expect.http',
      `@kind = ok\n### Chat\n# @name expecting\n# @expect status == 101\nWEBSOCKET ${url}\n\nhello\n# @expect $.type == "{{kind}}"\n?? $.type == "never"\n`,
    )
    const counted = (text: string) => until(async () => (await lensRows(document))[2]?.includes(text))
    const explained = (line: number) => hoverAt(document, document.lineAt(line).range.end)
    assert.equal(await explained(7), 'It is checked when the request runs.')
    await runLens(document, 'Connect')
    await counted('2 of 3 expectations hold so far')
    assert.match(await explained(3), /^✓ As expected: status == 101: 101\.$/)
    assert.match(await explained(7), /^✓ As expected: \$\.type == "ok": after .+s\.$/)
    assert.equal(await explained(8), 'Not decided yet: $.type == "never".')
    await runLens(document, 'Disconnect')
    await counted('2 of 3 expectations hold')
    const failed = '✗ Expected $.type == "never": none before it ended. Came instead: ok.'
    assert.equal(await explained(8), failed)
    const { command, arguments: given = [] } = await lensCommand(document, '2 of 3 expectations hold')
    assert.equal(command, 'realtimeInspector.showConnection')
    assert.equal(typeof given[1].time, 'number')
    const edit = new vscode.WorkspaceEdit()
    edit.insert(document.uri, new vscode.Position(7, 0), '# A comment.\n')
    edit.insert(document.uri, document.lineAt(7).range.end, ' within 1s')
    await vscode.workspace.applyEdit(edit)
    await counted('2 of 3 expectations hold')
    assert.equal(await explained(9), failed)
    assert.equal(await explained(8), 'It is checked when the request runs.')
    await vscode.commands.executeCommand('workbench.action.files.revert')
  })

  it('complete what can be expected', async () => {
    assert.ok((await labels('# @expect |\nWS ws://localhost')).includes('no FILTER within 60s'))
    assert.ok((await labels('WS ws://localhost\n\na\n?? |')).includes('status == 101'))
  })

  it('leave plain requests to the other extension', async () => {
    const document = await shown(
      'plain.http',
      '### Plain\nGET http://localhost/\n\n> {% client.log(1) %}\n### Stream\nGET http://localhost/\nAccept: text/event-stream\n',
    )
    assert.deepEqual(Object.keys(await lensRows(document)), ['5'])
    const found = await marks(document, (all) => all.length > 0)
    assert.deepEqual(
      found.filter((each) => !each.includes('Hint')),
      [],
    )
  })

  it('do not help in responses that another extension shows in the same language', async () => {
    const document = await vscode.workspace.openTextDocument({
      language: 'http',
      content: 'HTTP/1.1 200 OK\nContent-Type: text/plain\n\nWS ws://localhost/{{a}}',
    })
    assert.deepEqual(await lensRows(document), {})
    const request = await shown('after.http', 'WS ws://localhost/{{a}}')
    await marks(request, (all) => all.length === 1)
    assert.deepEqual(vscode.languages.getDiagnostics(document.uri), [])
  })

  it('help in documents that are not saved yet', async () => {
    const document = await vscode.workspace.openTextDocument({ language: 'http', content: 'WS ws://{{a}}' })
    await until(async () => (await lensRows(document))[0]?.join() === 'Connect')
    await marks(document, (all) => all.includes('{{a}} Warning UNKNOWN_VARIABLE'))
  })

  it('say that a document is too large', async () => {
    const document = await shown('large.http', `WS ws://localhost\n\n${'x'.repeat(1_000_000)}`)
    await marks(document, (all) => all.includes(' Information TOO_LARGE'))
    assert.deepEqual(await lensRows(document), {})
  })
})
