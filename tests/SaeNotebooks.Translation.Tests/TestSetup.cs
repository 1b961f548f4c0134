// Tests that count native tensors need the process for themselves.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
