using Xunit.Sdk;
using Xunit.v3;

// The tests change one machine: they take turns.
[assembly: Parallelization(Mode = ParallelMode.None)]
