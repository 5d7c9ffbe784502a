/**
 * How often a run, an evaluation or an inspection is begun before it is given up: what brings its process down time after
 * time, such as too little memory, would do so for ever.
 */
export const MOST_ATTEMPTS = 3
