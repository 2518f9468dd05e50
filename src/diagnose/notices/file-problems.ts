/** Some of a file could not be read as a session. */
import { plural } from '../../shared/text/quantities.ts'
import { statusNotice } from './status-notice.ts'

export const fileProblems = statusNotice('file-problems', ({ file }) => {
  if (file === undefined || file.problemCount === 0) return undefined
  const { problems, problemCount } = file
  const more = problemCount - problems.length
  const rest = more > 0 ? ` And ${plural(more, 'more problem')} like these.` : ''
  return { message: `${problems.join(' ')}${rest}`, evidence: { problems: problemCount } }
})
