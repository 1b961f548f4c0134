using SaeNotebooks.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace SaeNotebooks.Models;

/// <summary>Room for weights, side by side in large blocks, so that <see cref="LargePages"/> can hold them: many a weight is smaller than one such page.</summary>
/// <param name="dtype">of what lies in blocks; whatever has another gets memory of its own</param>
/// <param name="device">where they go; on others than the CPU each has memory of its own</param>
/// <remarks>A block lives as long as the last tensor in it.</remarks>
internal sealed class WeightMemory(ScalarType dtype, Device device) : IDisposable
{
    /// <summary>64 MB of bfloat16.</summary>
    private const long BlockNumbers = 32 << 20;

    private const long CacheLine = 64;

    private Tensor? _block;
    private long _used;

    /// <summary>A tensor whose numbers are still to be written; the caller owns it.</summary>
    public Tensor Take(ScalarType type, long[] shape)
    {
        var count = shape.Aggregate(1L, (product, size) => product * size);
        if (device.type != DeviceType.CPU || type != dtype || count == 0) return empty(shape, type, device).DetachFromDisposeScope();
        if (_block is null || _used + count > _block.numel()) Begin(count);
        using var scope = NewDisposeScope();
        var tensor = _block!.narrow(0, _used, count).view(shape).DetachFromDisposeScope();
        _used += (count + CacheLine - 1) / CacheLine * CacheLine; // numbers of one byte or more each
        return tensor;
    }

    /// <inheritdoc/>
    public void Dispose() => _block?.Dispose();

    private void Begin(long count)
    {
        _block?.Dispose();
        _block = empty(Math.Max(count, BlockNumbers), dtype).DetachFromDisposeScope();
        _used = 0;
        LargePages.Ask(_block);
    }
}
