/** Every platform's connector under its name: a new one is one file beside this one, and one line here. */
export { hotstar } from './hotstar.ts';
export { netflix } from './netflix.ts';
export { primeVideo as prime_video } from './prime-video.ts';
