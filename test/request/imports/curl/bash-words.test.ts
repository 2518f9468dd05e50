/** Compares with bash itself, which runs the same lines with a function in place of curl that prints its arguments. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { bashCommands } from '../../../../src/request/imports/curl/bash-words.ts'
import { MAX_WORDS, mapWord } from '../../../../src/request/imports/curl/commands.ts'
import { assertLinear } from '../../../support/linear.ts'
import { seededRandom } from '../../../support/splits.ts'

const VARIABLES: Readonly<Record<string, string>> = { TOKEN: 'tök en', HOST: 'example.com' }
const hasBash = spawnSync('bash', ['--version']).status === 0

/** The arguments and the input of each curl. */
function ofBash(script: string): string[][] {
  const { stdout, stderr } = spawnSync(
    'bash',
    [
      '--noprofile',
      '--norc',
      '-c',
      // Prints to where no redirection goes, and starts no program.
      `exec 3>&1; curl() { local input; IFS= read -r -d '' input; printf '%s\\0' "$@" "<$input" '=end=' >&3; }\n${script}`,
    ],
    { input: '', encoding: 'utf8', env: { PATH: process.env.PATH ?? '', LC_ALL: 'C.UTF-8', ...VARIABLES } },
  )
  // A line may have other commands.
  assert.equal(stderr.replaceAll(/^.*command not found\n/gm, ''), '', script)
  return stdout
    .split('=end=\0')
    .slice(0, -1)
    .map((command) => command.split('\0').slice(0, -1))
}

function ofOurs(script: string): string[][] {
  const commands = bashCommands(script).filter(({ words: [first] }) => first === 'curl')
  return commands.map(({ words: [, ...words], input = '' }) => [...words, `<${input}`].map(filled))
}

function filled(word: string): string {
  return mapWord(
    word,
    (text) => text,
    (name) => VARIABLES[name] ?? '',
  )
}

function assertSame(script: string): void {
  assert.deepEqual(ofOurs(script), ofBash(script), script)
}

/** As browsers write a text, in the way of Chrome. */
function ansiQuoted(text: string): string {
  const escaped = text
    .replaceAll('\\', '\\\\')
    .replaceAll("'", "\\'")
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are escaped
    .replaceAll(/[\0-\x1f\x7f-\x9f!]/g, (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`)
  return `$'${escaped}'`
}

describe('words of bash', () => {
  before(function () {
    if (!hasBash) this.skip()
  })

  for (const script of [
    `curl 'https://example.com/' \\\n  -H 'accept: */*' \\\n  --data-raw $'{"a":"O\\'Neil\\u0021"}' \\\n  --compressed`,
    `curl "http://$HOST/a b" -H "X: \${TOKEN}" -H "Y: \\$TOKEN \\"q\\" \\x" -d "a\\\nb"`,
    `curl a;curl b && curl c\ncurl e & wait`,
    `# comment\ncurl a#b c # more\ncurl '#'`,
    `curl -d @- <<'EOF'\n{"a": "$TOKEN"}\n\\x\nEOF\ncurl next`,
    `curl -d @- <<EOF\n{"a": "$TOKEN", "b": "\\$"}\nEOF`,
    `curl -d @- <<-END\n\tindented\n\tEND`,
    `curl a >/dev/null 2>&1`,
    `curl -s a 2>/dev/null -H b`,
    `curl $'\\x41\\101\\u00e9\\U0001f600\\t\\e\\cA\\q\\xc3\\xa9' $"plain" ''"" ''`,
    `curl -X POST\\ b --url=a=b {c} [d] a=$HOST/$TOKENX "$" '$' $ "\${HOST:-none}"`,
    'curl "a`b`c"'.replaceAll('`', '\\`'),
  ])
    it(`are those of ${JSON.stringify(script)}`, () => assertSame(script))

  it('are those of bash for what browsers quote', () => {
    const random = seededRandom(7)
    const characters = [...'ab \'"\\$`!%&|<>(){}[]*?~#;=\n\t\ré€😀', '\u0001', '\u0085']
    const texts = Array.from({ length: 300 }, () =>
      Array.from(
        { length: Math.floor(random() * 12) },
        () => characters[Math.floor(random() * characters.length)],
      ).join(''),
    )
    const script = texts
      .map((text) => `curl ${ansiQuoted(text)} '${text.replaceAll("'", "'\\''")}'`)
      .join('\n')
    assertSame(script)
    assert.deepEqual(
      ofOurs(script).map(([first]) => first),
      texts,
    )
  })

  it('are those of bash for any quoting', () => {
    const random = seededRandom(11)
    const pieces = [
      'a',
      ' ',
      "'b c'",
      '"d $HOST"',
      '\\\n',
      '\\ ',
      "$'e\\n'",
      '$TOKEN',
      '"\\\\"',
      '#',
      'f#',
      '=',
      "''",
      '\n curl ',
    ]
    const script = Array.from({ length: 300 }, () => {
      const line = Array.from(
        { length: 1 + Math.floor(random() * 8) },
        () => pieces[Math.floor(random() * pieces.length)],
      )
      return `curl ${line.join('')}`
    })
      .join('\n')
      // Bash splits variables that are not quoted.
      .replaceAll('$TOKEN', '"$TOKEN"')
    assertSame(script)
  })

  it('take time in proportion to the text, and end', () => {
    for (const part of ["'", '"', '\\', "$'", '$', '<<a\n', '{', '"$', 'a ', '\\u'])
      assertLinear(
        part,
        (size) => `curl ${part.repeat(size / 4)}`,
        (text) => bashCommands(text),
        64 * 1024,
      )
    const [{ words = [] } = {}] = bashCommands(`curl ${'a '.repeat(MAX_WORDS * 2)}`)
    assert.equal(words.length, MAX_WORDS)
  })
})
