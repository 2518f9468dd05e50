/** The code in the documents: it can be read by what it is written for. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { Command } from 'commander'
import { ROOT } from '../scripts/paths.ts'
import { addCommand } from '../src/cli/command-line.ts'
import { commandsFor } from '../src/cli/program.ts'
import { parseRequestFile } from '../src/request/file/parse.ts'
import { bashCommands } from '../src/request/imports/curl/bash-words.ts'
import { mapWord } from '../src/request/imports/curl/commands.ts'
import { isJson } from '../src/shared/text/json-text.ts'

interface Snippet {
  /** File and line. */
  readonly place: string
  readonly language: string
  readonly code: string
}

const FILES = [
  join(ROOT, 'README.md'),
  ...readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(ROOT, 'docs', name)),
]

const SNIPPETS = FILES.flatMap(snippetsIn)

function snippetsIn(file: string): Snippet[] {
  const text = readFileSync(file, 'utf8')
  return [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(({ index, 1: language = '', 2: code = '' }) => ({
    place: `${basename(file)}:${text.slice(0, index).split('\n').length}`,
    language,
    code,
  }))
}

const written = (...languages: string[]) => SNIPPETS.filter(({ language }) => languages.includes(language))

/** Reads JSON, JSON Lines, or members as in a settings file. Throws if the code is none of them. */
function readJson(code: string): void {
  const readings = [code, `{${code}}`]
  if (readings.some(isJson)) return
  for (const line of code.trimEnd().split('\n')) JSON.parse(line)
}

/** Lines with a command: without the prompt, and of a console without its output. */
function typedLines({ language, code }: Snippet): string {
  const lines = code.replaceAll('\\\n', '').split('\n')
  if (language !== 'console') return lines.map((line) => line.replace(/^\s*- (run: )?/, '')).join('\n')
  return lines.flatMap((line) => (line.startsWith('$ ') ? [line.slice(2)] : [])).join('\n')
}

/** The word with the names of the shell's variables in place of their values. */
function withNames(word: string): string {
  return mapWord(
    word,
    (text) => text,
    (name) => name,
  )
}

/** Parses a command line without running the command. Resolves with what is wrong. */
async function usageErrorOf(words: readonly string[]): Promise<string | undefined> {
  let said = ''
  const program = new Command('realtime-inspector').exitOverride()
  program.configureOutput({
    writeErr: (text) => {
      said += text
    },
  })
  for (const command of await commandsFor(words))
    addCommand(program, { ...command, run: async () => 0 }, () => {})
  return await program.parseAsync(words, { from: 'user' }).then(
    () => undefined,
    (thrown) => said || String(thrown),
  )
}

describe('the code in the documents', () => {
  it('is JSON where it says so', () => {
    const json = written('json', 'jsonc')
    assert.ok(json.length > 5)
    for (const { place, language, code } of json) {
      const plain = language === 'jsonc' ? code.replaceAll(/ \/\/ .*$/gm, '') : code
      assert.doesNotThrow(() => readJson(plain), `${place}: ${code}`)
    }
  })

  it('is a file of requests without mistakes where it says so', () => {
    const requests = written('http')
    assert.ok(requests.length > 20)
    for (const { place, code } of requests) {
      const { problems } = parseRequestFile(code)
      const mistakes = problems.filter(({ severity }) => severity !== 'info')
      assert.deepEqual(mistakes, [], place)
    }
  })

  it('has command lines that the terminal program accepts', async () => {
    const commands = written('sh', 'bash', 'console', 'yaml').flatMap((snippet) =>
      bashCommands(typedLines(snippet)).flatMap(({ words }) => {
        const [program, ...args] = words
        return program === 'realtime-inspector' ? [{ place: snippet.place, words: args.map(withNames) }] : []
      }),
    )
    assert.ok(commands.length > 30, `${commands.length} command lines`)
    for (const { place, words } of commands)
      assert.equal(await usageErrorOf(words), undefined, `${place}: ${words.join(' ')}`)
  })
})
