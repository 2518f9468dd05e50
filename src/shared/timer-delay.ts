/** The longest delay of a timer of Node.js and of browsers, in milliseconds. A longer one would fire at once. */
export const MAX_TIMER_DELAY = 2 ** 31 - 1
