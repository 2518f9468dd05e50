/** What `npm run watch` prints. */

/**
 * Prints `Building`, problems one a line, and `Built` once no program is being built.
 * The problem matcher in `.vscode/tasks.json` reads these lines.
 * @param {readonly import('esbuild').BuildOptions[]} programs
 * @returns {(program: import('esbuild').BuildOptions) => import('esbuild').Plugin}
 */
export function watchReporter(programs) {
  const building = new Set(programs)
  console.log('Building')
  /** @param {string} severity @param {import('esbuild').Message[]} messages */
  const print = (severity, messages) => {
    for (const { location, text } of messages) {
      const { file = 'esbuild.mjs', line = 1, column = 0 } = location ?? {}
      console.log(`${file}:${line}:${column + 1}: ${severity}: ${text}`)
    }
  }
  return (program) => ({
    name: 'watch-reporter',
    setup(build) {
      build.onStart(() => {
        if (building.size === 0) console.log('Building')
        building.add(program)
      })
      build.onEnd(({ errors, warnings }) => {
        print('error', errors)
        print('warning', warnings)
        building.delete(program)
        if (building.size === 0) console.log('Built')
      })
    },
  })
}
