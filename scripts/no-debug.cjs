/** Stands in for debug in the bundle, in which only mqtt-packet uses it, to say what it parses if a variable of the environment asks. */
module.exports = () => () => {}
