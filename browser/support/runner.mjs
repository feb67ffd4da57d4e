// Steps in order, each told once, none tried again.

/// Says what is wrong when `so` is not.
export function expect(so, what) {
  if (!so) throw new Error(what);
}

/// Both are the same, as JSON shows them.
export function same(found, wanted, what) {
  const [left, right] = [JSON.stringify(found), JSON.stringify(wanted)];
  expect(left === right, `${what}: ${left}, not ${right}`);
}

/// A list of steps that stops for nothing: a step that fails is told, the next ones still run.
export class Runner {
  passed = 0;
  failed = 0;
  faults = [];

  fault = (what) => this.faults.push(what);

  async step(name, act) {
    const began = Date.now();
    this.faults = [];
    let told = "";
    try {
      await act();
      expect(this.faults.length === 0, this.faults.join("\n"));
      this.passed += 1;
    } catch (error) {
      this.failed += 1;
      told = `\n  ${(error.stack ?? String(error)).replaceAll("\n", "\n  ")}`;
    }
    console.log(`${told ? "FAIL" : "  ok"}  ${name} (${Date.now() - began} ms)${told}`);
  }

  /// The line everybody reads, and the exit code.
  close() {
    console.log(`${this.passed} passed, ${this.failed} failed`);
    process.exitCode = this.failed > 0 || this.passed === 0 ? 1 : 0;
  }
}
