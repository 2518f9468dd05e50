#!/usr/bin/env node
/** The terminal program, `realtime-inspector`. */
import { complain } from './cli/complain.ts'
import { EXIT } from './cli/exit.ts'
import { run } from './cli/program.ts'
import { handleUncaught } from './engine/hub.ts'

process.on('uncaughtException', (thrown: NodeJS.ErrnoException) => {
  if (handleUncaught(thrown)) return
  // Nobody reads the help, or the sentence, any more.
  if (thrown.code === 'EPIPE') process.exit(EXIT.done)
  complain(thrown)
  process.exit(EXIT.failed)
})

// Everything is written by now; what is still open (a held terminal, a pooled socket) must not keep the program.
process.exit(await run(process.argv.slice(2)))
