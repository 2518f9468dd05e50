/** Runs the requests of a plan, with what they ask for, and writes what was found. */
import { resolve } from 'node:path'
import type { Answers } from '../../request/variables/variables.ts'
import { Failure } from '../../shared/failure.ts'
import { ownValue } from '../../shared/fields.ts'
import { KnownSecrets } from '../../shared/secrets/known-secrets.ts'
import { runLive } from '../connect/run-live.ts'
import { SignIn } from '../credentials/sign-in.ts'
import { EXIT } from '../exit.ts'
import { printFailure } from '../standard-error.ts'
import { Questions } from './questions.ts'
import type { RunPlan } from './run-plan.ts'
import { RunReport } from './run-report.ts'
import { secretVariables } from './run-secrets.ts'
import { Sequence } from './sequence.ts'

/** Resolves with the exit code once every output is written. Rejects with a `Failure` if an output cannot be opened. */
export async function runRequests(plan: RunPlan): Promise<number> {
  const secrets = new KnownSecrets()
  const headings = new Map<number, string>()
  const questions = new Questions()
  const signIn = new SignIn(secrets)
  const report = await RunReport.begin(plan, secrets)
  const { text } = plan
  const sequence = new Sequence({
    plan,
    file: resolve(text.path),
    answers: answersFrom(plan, questions, signIn),
    questions,
    secrets,
    starting(connection, { name, request }) {
      headings.set(connection, `${name}  ${text.path}:${text.lineOf(request.line)}`)
      report.starting()
    },
    appended: (event) => report.appended(event),
    ended: (request, result) => report.ended(request, result),
    ending: () => {
      questions.stop()
      signIn.stop()
    },
  })
  const code = await runLive({ ...plan, duration: undefined, secrets, headings, signIn }, sequence)
  report.printSummary()
  try {
    await report.write()
    return code
  } catch (thrown) {
    printFailure(thrown)
    return EXIT.failed
  }
}

function answersFrom({ secretSource, given }: RunPlan, questions: Questions, signIn: SignIn): Answers {
  return {
    async secret(name) {
      const value = secretSource.get(name)
      if (value !== undefined) return value
      if (questions.canAsk) return await questions.ask(`Secret ${name}`, true)
      const variables = secretVariables(name).join(' or ')
      throw new Failure(
        'NO_SECRET',
        `The secret ${name} has no value; set the environment variable ${variables}, or write it into a file for --secrets.`,
      )
    },
    async prompt(question, isSecret) {
      const answer = ownValue(given, question)
      if (answer !== undefined) return answer
      if (questions.canAsk) return await questions.ask(question, isSecret)
      throw new Failure(
        'NO_ANSWER',
        `${JSON.stringify(question)} cannot be asked, because standard input is not a terminal; give the answer with --var '${question}=…'.`,
      )
    },
    token: async (source) => (await signIn.token(source)).token,
    processEnv: (name) => ownValue(process.env, name),
  }
}
