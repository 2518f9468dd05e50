/** The scripts by which shells complete the command line, in the shells themselves, and the manual page. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { manPage } from '../../scripts/man-page.ts'
import { onPath } from '../../scripts/run.ts'
import { allCommands } from '../../src/cli/program.ts'
import { cliTests, runCli } from '../support/cli.ts'
import { tempDir } from '../support/temp-dir.ts'

const run = promisify(execFile)

/** Types the words in an interactive zsh and presses Tab. Prints the line that is there then. */
const TYPE_IN_ZSH = `
zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z "PS1='> '; autoload -Uz compinit; compinit -D -u; source $1; echo rea''dy"
# The line editor has started when it asks for bracketed paste.
zpty -r z line '*ready*2004h*'
zpty -w -n z "realtime-inspector $2"$'\\t'
zpty -w z $'DONE'
zpty -r z line '*DONE*'
print -r -- "$line"
zpty -d z`

/** The words are what follows the name of the program, the last of them incomplete. Returns what is offered for it. */
const COMPLETE: Readonly<Record<string, (script: string, words: readonly string[]) => Promise<string[]>>> = {
  async bash(script, words) {
    const completed = `source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _realtime_inspector; printf '%s\\n' "\${COMPREPLY[@]}"`
    const { stdout } = await run('bash', ['-c', completed, 'bash', script, 'realtime-inspector', ...words])
    return stdout.split('\n').filter((line) => line !== '')
  },
  async zsh(script, words) {
    const { stdout } = await run('zsh', ['-f', '-c', TYPE_IN_ZSH, 'zsh', script, words.join(' ')])
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the terminal's sequences
    const line = stdout.replaceAll(/\x1b\[[\d;?]*[a-zA-Z]/g, '').replaceAll(/.\x08/g, '')
    return [...line.matchAll(/realtime-inspector (?:.* )?(\S+?) ?DONE/g)].map(([, word = '']) => word)
  },
  async fish(script, words) {
    const completed = 'source $argv[1]; complete -C "realtime-inspector $argv[2]"'
    const { stdout } = await run('fish', ['--no-config', '-c', completed, script, words.join(' ')])
    return stdout.split('\n').flatMap((line) => line.split('\t')[0] || [])
  },
}

describe('completion of the command line', () => {
  cliTests()

  for (const [shell, complete] of Object.entries(COMPLETE)) {
    it(`completes commands, options and their values in ${shell}`, async function () {
      // scripts/system.ts installs the shells only on Debian.
      if (onPath(shell) === undefined && process.platform !== 'linux') return this.skip()
      const { code, stdout } = await runCli(['completion', shell])
      assert.equal(code, 0)
      const script = join(tempDir(), 'completion')
      writeFileSync(script, stdout)
      assert.deepEqual(await complete(script, ['conn']), ['connect'])
      assert.deepEqual(await complete(script, ['compare', '--normalize']), ['--normalize-ids'])
      assert.deepEqual(await complete(script, ['connect', '--transport', 'ss']), ['sse'])
      assert.deepEqual(await complete(script, ['connect', '--transport', 'poll', '--max-messages']), [
        '--max-messages',
      ])
    })
  }

  it('says which shells there are', async () => {
    const { code, stderr } = await runCli(['completion', 'tcsh'])
    assert.equal(code, 2)
    assert.match(stderr, /There is no script for tcsh\. The shells are bash, zsh, fish\./)
  })
})

describe('the manual page', () => {
  it('names every command and option, in a form that formatters understand', async () => {
    const commands = await allCommands()
    const page = join(tempDir(), 'realtime-inspector.1')
    writeFileSync(page, manPage(commands, '1.2.3'))
    // Problems are on standard output. The page of a build has no date, so that the same source gives the same page.
    const { stdout: problems } = await run('mandoc', ['-T', 'lint', '-W', 'warning', page]).catch(
      (failed) => failed,
    )
    assert.deepEqual(
      problems.split('\n').filter((line: string) => line !== '' && !line.includes('missing date')),
      [],
    )
    const { stdout } = await run('mandoc', ['-T', 'utf8', '-O', 'width=1000', page])
    // biome-ignore lint/suspicious/noControlCharactersInRegex: bold and underlined letters are typed over
    const text = stdout.replaceAll(/.\x08/g, '').replaceAll(/\s+/g, ' ')
    for (const { name, description, options } of commands) {
      assert.ok(text.includes(`${name}`) && text.includes(description), name)
      for (const { flags, description } of options) {
        for (const each of [flags, description]) assert.ok(text.includes(each.replaceAll('…', '...')), each)
      }
    }
  })
})
