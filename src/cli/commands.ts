/** Every command of the terminal, in the order of the help. */
import type { Command } from 'commander'
import { addCompare } from './compare/command.ts'
import { addConnect } from './connect/command.ts'
import { addConvert } from './convert/command.ts'
import { addReplay } from './replay/command.ts'
import { addReport } from './report/command.ts'
import { addServe } from './serve/command.ts'

/** Adds its command to the program and returns it; the command's action calls `exit` with an exit code. */
export type AddCommand = (program: Command, exit: (code: number) => void) => Command

export const COMMANDS: readonly AddCommand[] = [
  addConnect,
  addReplay,
  addServe,
  addCompare,
  addConvert,
  addReport,
]
