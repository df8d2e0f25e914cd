// The tests change one machine: they take turns.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
