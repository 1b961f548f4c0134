using System.Runtime.InteropServices;
using SaeNotebooks.Runtime;
using SaeNotebooks.Saes.Activations;
using TorchSharp;
using static TorchSharp.torch;

namespace SaeNotebooks.Saes.Kernels;

/// <summary>σ(x · W_enc + b_enc) as sparse latents: a matrix product, in chunks, and one reading of what it gives.</summary>
internal static class SparseEncoder
{
    /// <summary>Numbers in the product of one chunk (64 MB at float32), unless that were too few rows for a matrix product to be fast.</summary>
    private const long ChunkElements = 1 << 24, LeastRows = 64;

    /// <param name="rows">[tokens, d_in] float32, normalised and centred</param>
    /// <param name="encoder">W_enc [d_in, d_sae]</param>
    /// <param name="bias">b_enc [d_sae]</param>
    /// <param name="activation">σ</param>
    /// <returns>offsets [tokens + 1], ids [active] int64 and values [active] float32; the caller owns the tensors</returns>
    public static (long[] Offsets, Tensor Ids, Tensor Values) Run(Tensor rows, Tensor encoder, Tensor bias, SparseActivation activation)
    {
        var onCpu = encoder.device_type == DeviceType.CPU;
        var scan = onCpu ? activation.Scan(bias.data<float>().ToArray()) : null;
        var offsets = new List<long> { 0 };
        using var scope = NewDisposeScope();
        var parts = new List<(Tensor Ids, Tensor Values)>();
        var chunk = Math.Max(LeastRows, ChunkElements / encoder.shape[1]);
        for (var at = 0L; at < rows.shape[0]; at += chunk)
        {
            using var inner = NewDisposeScope();
            var product = rows.narrow(0, at, Math.Min(chunk, rows.shape[0] - at)).matmul(encoder); // [chunk, d_sae]
            var (ids, values) = scan is not null ? Join(RowScan.Run(product, scan), offsets) : OnDevice(activation.Dense(product.add_(bias)), offsets);
            parts.Add((ids.MoveToOuterDisposeScope(), values.MoveToOuterDisposeScope()));
        }
        return ([.. offsets], cat([.. parts.Select(p => p.Ids)]).MoveToOuterDisposeScope(), cat([.. parts.Select(p => p.Values)]).MoveToOuterDisposeScope());
    }

    private static (Tensor Ids, Tensor Values) Join(LatentBuffer[] buffers, List<long> offsets)
    {
        Tensor ids = empty(buffers.Sum(b => (long)b.Count), int64), values = empty(buffers.Sum(b => (long)b.Count));
        var at = 0L;
        foreach (var buffer in buffers)
        {
            var start = offsets[^1];
            offsets.AddRange(buffer.Ends.Select(end => start + end));
            if (buffer.Count == 0) continue;
            using (var part = ids.narrow(0, at, buffer.Count)) MemoryMarshal.AsBytes(buffer.Ids).CopyTo(part.bytes);
            using (var part = values.narrow(0, at, buffer.Count)) MemoryMarshal.AsBytes(buffer.Values).CopyTo(part.bytes);
            at += buffer.Count;
        }
        return (ids, values);
    }

    private static (Tensor Ids, Tensor Values) OnDevice(Tensor dense, List<long> offsets) // [chunk, d_sae]
    {
        var active = dense.nonzero(); // [active, 2]
        foreach (var count in dense.count_nonzero([1]).cpu().data<long>().ToArray()) offsets.Add(offsets[^1] + count);
        return (active.select(1, 1).contiguous(), dense.masked_select(dense.gt(Scalars.Zero)));
    }
}
