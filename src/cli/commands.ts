/** Every command of the terminal, in the order of the help. */
import type { CommandLine } from './command-line.ts'
import { compare } from './compare/command.ts'
import { connect } from './connect/command.ts'
import { convert } from './convert/command.ts'
import { replay } from './replay/command.ts'
import { report } from './report/command.ts'
import { serve } from './serve/command.ts'

export const COMMANDS: readonly CommandLine[] = [connect, replay, serve, compare, convert, report]
