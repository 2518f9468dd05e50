/** The terminal program, `realtime-inspector`. */
import { complain } from './cli/complain.ts'
import { EXIT } from './cli/exit.ts'
import { run } from './cli/program.ts'

process.on('uncaughtException', (thrown) => {
  complain(thrown)
  process.exit(EXIT.failed)
})

// Everything is written by now; what is still open (a held terminal, a pooled socket) must not keep the program.
process.exit(await run(process.argv.slice(2)))
