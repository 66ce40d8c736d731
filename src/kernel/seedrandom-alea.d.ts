declare module 'seedrandom/lib/alea.js' {
  interface Alea {
    (): number
    double(): number
    int32(): number
    quick(): number
  }
  const alea: (seed: string) => Alea
  export default alea
}
