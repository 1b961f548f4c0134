using SaeNotebooks.Checkpoints;
using static TorchSharp.torch;

namespace SaeNotebooks.Cli.Benchmarks;

/// <summary>A checkpoint of some shape with seeded random weights, in a temporary folder that is deleted in the end.</summary>
internal sealed class GeneratedCheckpoint : IDisposable
{
    private const int Piece = 1 << 22; // numbers, made once and written over and over from different places on
    private const double Scale = 0.02;

    private GeneratedCheckpoint(string folder) => Folder = folder;

    public string Folder { get; }

    /// <summary>The file of the weights.</summary>
    public string Weights => Path.Combine(Folder, "model.safetensors");

    /// <param name="shape">what to write</param>
    /// <param name="parent">where to make the folder</param>
    /// <param name="cancellation">ends the writing; nothing stays</param>
    /// <exception cref="CliException">there is not enough space</exception>
    public static GeneratedCheckpoint Write(ModelShape shape, string parent, CancellationToken cancellation = default)
    {
        Directory.CreateDirectory(parent);
        var free = new DriveInfo(Path.GetFullPath(parent)).AvailableFreeSpace;
        if (free < shape.Bytes * 1.05)
            throw new CliException($"The checkpoint of shape {shape.Name} takes {shape.Bytes / 1e9:0.0} GB, and {parent} has {free / 1e9:0.0} GB; name another folder (--folder).");
        var checkpoint = new GeneratedCheckpoint(Directory.CreateDirectory(Path.Combine(parent, $"{shape.Name}-{Guid.NewGuid():N}")).FullName);
        try
        {
            File.WriteAllText(Path.Combine(checkpoint.Folder, "config.json"), shape.Config);
            using var progress = Progress.Start($"Writing random weights of shape {shape.Name}", shape.Bytes >> 20, "MiB", cancellation: cancellation);
            var tensors = shape.Tensors.OrderBy(t => t.Name, StringComparer.Ordinal); // as published files have them: keys lie apart from queries
            SafetensorsWriter.Write(checkpoint.Weights, [.. tensors.Select(t => (t.Name, shape.Dtype, t.Shape))], stream => WriteNumbers(stream, shape, progress));
            return checkpoint;
        }
        catch
        {
            checkpoint.Dispose();
            throw;
        }
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static void WriteNumbers(Stream stream, ModelShape shape, Progress progress)
    {
        using var scope = NewDisposeScope();
        var numbers = (randn(Piece, generator: manual_seed(1)) * Scale).to(shape.Dtype).bytes.ToArray();
        var random = new Random(1);
        var each = numbers.Length / Piece;
        foreach (var (_, size) in shape.Tensors)
            for (var left = ModelShape.Elements(size) * each; left > 0;)
            {
                progress.Cancellation.ThrowIfCancellationRequested();
                var from = random.Next(Piece / 2) * each;
                var count = (int)Math.Min(left, numbers.Length - from);
                stream.Write(numbers, from, count);
                left -= count;
                progress.Report(stream.Position >> 20);
            }
    }
}
