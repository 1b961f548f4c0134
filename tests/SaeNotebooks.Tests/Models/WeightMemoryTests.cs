using SaeNotebooks.Models;
using SaeNotebooks.Runtime;
using static TorchSharp.torch;

namespace SaeNotebooks.Tests.Models;

public class WeightMemoryTests
{
    [Fact]
    public void Tensors_lie_apart_and_stay_when_loading_ends()
    {
        var before = LiveTensors.Count();
        long[][] shapes = [[3, 5], [33 << 20], [7], [0, 4], [1 << 20, 16], [1 << 20, 17], [2, 3, 4]];
        List<Tensor> taken = [];
        using (var memory = new WeightMemory(ScalarType.BFloat16, CPU))
            taken.AddRange(shapes.Select(shape => memory.Take(ScalarType.BFloat16, shape)));
        foreach (var (i, tensor) in taken.Index()) tensor.fill_(i + 1);

        foreach (var (i, tensor) in taken.Index())
        {
            Assert.Equal(shapes[i], tensor.shape);
            Assert.Equal((ScalarType.BFloat16, true), (tensor.dtype, tensor.is_contiguous()));
            if (tensor.numel() == 0) continue;
            Assert.Equal(0, Native.Start(tensor) % 64);
            using var different = tensor.ne(i + 1);
            using var any = different.any();
            Assert.False(any.item<bool>(), $"what was written to tensor {i} was written over");
        }

        foreach (var tensor in taken) tensor.Dispose();
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void What_has_another_type_or_lies_elsewhere_has_memory_of_its_own()
    {
        using var memory = new WeightMemory(ScalarType.Float32, CPU);
        using var narrow = memory.Take(ScalarType.BFloat16, [4]);
        using var planned = new WeightMemory(ScalarType.Float32, META).Take(ScalarType.Float32, [1L << 40]); // no memory at all
        Assert.Equal(ScalarType.BFloat16, narrow.dtype);
        Assert.Equal((TorchSharp.DeviceType.META, 1L << 40), (planned.device_type, planned.numel()));
    }
}
