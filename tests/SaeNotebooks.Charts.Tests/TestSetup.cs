// Tests count tensors of the process, and TorchSharp's operators are not safe against a garbage collection that another thread causes.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
