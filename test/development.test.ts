/** What a contributor's editor runs: F5 and the watch task. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { ROOT } from '../scripts/paths.ts'
import { removeTempDirs, tempDir } from './support/temp-dir.ts'

function read(path: string) {
  return JSON.parse(readFileSync(join(ROOT, path), 'utf8'))
}

describe('the development setup', () => {
  after(removeTempDirs)

  it('opens with F5 paths that exist, after a task that exists', () => {
    const { configurations } = read('.vscode/launch.json')
    const { tasks } = read('.vscode/tasks.json')
    const labels = tasks.map(({ label }: { label: string }) => label)
    for (const { name, args, program, preLaunchTask } of configurations) {
      const named = [...args, program].join('\n').matchAll(/\$\{workspaceFolder\}\/([^\n]+)/g)
      for (const [, path = ''] of named) assert.ok(existsSync(join(ROOT, path)), `${name}: ${path}`)
      if (preLaunchTask !== undefined) assert.ok(labels.includes(preLaunchTask), preLaunchTask)
    }
  })

  it('has tasks for scripts that exist', () => {
    const { scripts } = read('package.json')
    for (const { script } of read('.vscode/tasks.json').tasks) assert.ok(script in scripts, script)
  })

  it('matches the lines that the watch prints before and after a build', async () => {
    const { background } = read('.vscode/tasks.json').tasks.find(
      ({ label }: { label: string }) => label === 'watch',
    ).problemMatcher
    const args = ['esbuild.mjs', '--watch', '--only=extension', `--outdir=${tempDir()}`]
    const watch = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] })
    const exited = once(watch, 'exit')
    try {
      const lines: string[] = []
      for await (const line of createInterface(watch.stdout)) {
        lines.push(line)
        if (new RegExp(background.endsPattern).test(line)) break
      }
      assert.match(lines[0] ?? '', new RegExp(background.beginsPattern))
      assert.equal(lines.length, 2, lines.join('\n'))
    } finally {
      watch.kill()
      await exited
    }
  })
})
