/** Asks questions on the terminal, while standard input is one. Answers that are secret are not shown. */
import { createInterface, type Interface } from 'node:readline'
import { Writable } from 'node:stream'
import { Failure } from '../../shared/failure.ts'
import { printable } from '../pretty/terminal-text.ts'
import { writeQuestion } from '../standard-error.ts'

/** The question was not answered because the program ends. */
const CANCELLED = 'CANCELLED'

export class Questions {
  readonly #answers = new Map<string, Promise<string>>()
  /** Questions are asked one after another. */
  #last: Promise<unknown> = Promise.resolve()
  #open: Interface | undefined
  #isOver = false

  /** Whether there is somebody to ask. */
  get canAsk(): boolean {
    return process.stdin.isTTY === true
  }

  /** Asks, or gives the answer that was given before. Rejects with `CANCELLED` if the program ends. */
  ask(question: string, isSecret: boolean): Promise<string> {
    const known = this.#answers.get(question)
    if (known !== undefined) return known
    const answer = this.#last.then(() => this.#ask(question, isSecret))
    this.#last = answer.catch(() => undefined)
    this.#answers.set(question, answer)
    return answer
  }

  /** Ends the question that is asked, and asks no other. */
  stop(): void {
    this.#isOver = true
    this.#open?.close()
  }

  async #ask(question: string, isSecret: boolean): Promise<string> {
    if (this.#isOver) throw cancelled(question)
    let isHidden = false
    const output = new Writable({
      write(chunk, _encoding, done) {
        if (!isHidden) writeQuestion(chunk)
        done()
      },
    })
    const open = createInterface({ input: process.stdin, output, terminal: true })
    this.#open = open
    return await new Promise<string>((resolve, reject) => {
      // In raw mode, the terminal does not send the signal.
      open.on('SIGINT', () => process.emit('SIGINT', 'SIGINT'))
      open.on('close', () => {
        if (isHidden) writeQuestion('\n')
        reject(cancelled(question))
      })
      open.question(`${printable(question)}: `, (answer) => {
        resolve(answer)
        open.close()
      })
      isHidden = isSecret
    })
  }
}

function cancelled(question: string): Failure {
  return new Failure(
    CANCELLED,
    `“${question}” was not answered; answer it, or give the value on the command line.`,
  )
}
