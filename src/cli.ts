#!/usr/bin/env node
/** The terminal program, `realtime-inspector`. */
import { EXIT } from './cli/exit.ts'
import { run } from './cli/program.ts'
import { printFailure } from './cli/standard-error.ts'
import { handleUncaught } from './transport/containment.ts'

process.on('uncaughtException', (thrown: NodeJS.ErrnoException) => {
  if (handleUncaught(thrown)) return
  // The reader of the output has gone, so nothing more can be printed.
  if (thrown.code === 'EPIPE') process.exit(EXIT.done)
  printFailure(thrown)
  process.exit(EXIT.failed)
})

// Everything is written by now. A held terminal or a pooled socket must not keep the process alive.
void run(process.argv.slice(2)).then((code) => process.exit(code))
