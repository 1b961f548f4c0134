using System.IO.Compression;
using System.Text;
using static TorchSharp.torch;

namespace SaeNotebooks.Tests.Checkpoints;

/// <summary>Writes PyTorch's archives as Python's pickle would, opcode by opcode; knows nothing of the reader.</summary>
internal static class TorchWriter
{
    /// <summary>A dictionary of tensors, numbers, strings and dictionaries.</summary>
    public static void Write(string path, IReadOnlyDictionary<string, object> items, CompressionLevel compression = CompressionLevel.NoCompression)
    {
        var storages = new List<byte[]>();
        var pickle = new MemoryStream();
        pickle.Write([0x80, 2]);
        Value(pickle, items, storages);
        pickle.WriteByte((byte)'.');
        WriteArchive(path, pickle.ToArray(), storages, compression);
    }

    /// <summary>An archive with any pickle.</summary>
    public static void WriteArchive(string path, byte[] pickle, IReadOnlyList<byte[]> storages, CompressionLevel compression = CompressionLevel.NoCompression)
    {
        using var zip = new ZipArchive(File.Create(path), ZipArchiveMode.Create);
        Entry("archive/data.pkl", pickle);
        Entry("archive/byteorder", "little"u8.ToArray());
        for (var i = 0; i < storages.Count; i++) Entry($"archive/data/{i}", storages[i]);
        Entry("archive/version", "3\n"u8.ToArray());

        void Entry(string name, byte[] bytes)
        {
            using var stream = zip.CreateEntry(name, compression).Open();
            stream.Write(bytes);
        }
    }

    private static void Value(MemoryStream pickle, object value, List<byte[]> storages)
    {
        switch (value)
        {
            case IReadOnlyDictionary<string, object> dictionary:
                Global(pickle, "collections", "OrderedDict");
                pickle.Write(")R("u8);
                foreach (var (key, item) in dictionary)
                {
                    Unicode(pickle, key);
                    Value(pickle, item, storages);
                }
                pickle.WriteByte((byte)'u');
                break;
            case string text: Unicode(pickle, text); break;
            case int number: Integer(pickle, number); break;
            case Tensor tensor: Rebuild(pickle, tensor, storages); break;
            default: throw new NotSupportedException(value.GetType().Name);
        }
    }

    /// <summary>torch._utils._rebuild_tensor_v2(storage, 0, shape, stride, False, OrderedDict()), of the tensor's own layout.</summary>
    private static void Rebuild(MemoryStream pickle, Tensor tensor, List<byte[]> storages)
    {
        using var scope = NewDisposeScope();
        Global(pickle, "torch._utils", "_rebuild_tensor_v2");
        pickle.Write("(("u8);
        Unicode(pickle, "storage");
        Global(pickle, "torch", tensor.dtype == ScalarType.Int64 ? "LongStorage" : tensor.dtype == ScalarType.BFloat16 ? "BFloat16Storage" : "FloatStorage");
        Unicode(pickle, $"{storages.Count}");
        Unicode(pickle, "cpu");
        Integer(pickle, (int)tensor.numel());
        pickle.Write("tQ"u8);
        Integer(pickle, 0);
        Tuple(pickle, tensor.shape);
        Tuple(pickle, tensor.stride());
        pickle.WriteByte(0x89);
        Global(pickle, "collections", "OrderedDict");
        pickle.Write(")RtR"u8);
        // In the order in which the numbers lie in memory, so that a transposed tensor stays one.
        storages.Add(tensor.as_strided([tensor.numel()], [1], 0).contiguous().bytes.ToArray());
    }

    private static void Tuple(MemoryStream pickle, long[] numbers)
    {
        pickle.WriteByte((byte)'(');
        foreach (var number in numbers) Integer(pickle, (int)number);
        pickle.WriteByte((byte)'t');
    }

    private static void Integer(MemoryStream pickle, int number)
    {
        pickle.WriteByte((byte)'J');
        pickle.Write(BitConverter.GetBytes(number));
    }

    private static void Unicode(MemoryStream pickle, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        pickle.WriteByte((byte)'X');
        pickle.Write(BitConverter.GetBytes(bytes.Length));
        pickle.Write(bytes);
    }

    private static void Global(MemoryStream pickle, string module, string name) => pickle.Write(Encoding.ASCII.GetBytes($"c{module}\n{name}\n"));
}
