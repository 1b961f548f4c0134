using System.Runtime.InteropServices;
using Google.Protobuf;

namespace SaeNotebooks.Translation.Tests.Measures.Comet;

/// <summary>Writes small ONNX models field by field, after <c>onnx.proto</c>.</summary>
internal sealed class OnnxGraph
{
    private const int Float = 1, Opset = 13, IrVersion = 7;
    private readonly List<(int Field, byte[] Message)> _graph = [];

    /// <summary>A constant.</summary>
    public void Constant<T>(string name, T[] values, params long[] shape) where T : struct => _graph.Add((5, Message(t =>
    {
        foreach (var dimension in shape) Whole(t, 1, dimension);
        Whole(t, 2, ElementType<T>());
        Text(t, 8, name);
        Bytes(t, 9, MemoryMarshal.AsBytes(values.AsSpan()).ToArray());
    })));

    /// <summary>An operation with attributes of whole numbers.</summary>
    public void Node(string operation, string[] inputs, string output, params (string Name, long Value)[] attributes) => _graph.Add((1, Message(n =>
    {
        foreach (var input in inputs) Text(n, 1, input);
        Text(n, 2, output);
        Text(n, 4, operation);
        foreach (var (name, value) in attributes)
            Bytes(n, 5, Message(a =>
            {
                Text(a, 1, name);
                Whole(a, 3, value);
                Whole(a, 20, 2); // INT
            }));
    })));

    /// <summary>An input; dimensions that are not positive are open.</summary>
    public void Input<T>(string name, params long[] shape) where T : struct => _graph.Add((11, Value(name, ElementType<T>(), shape)));

    /// <summary>An output; dimensions that are not positive are open.</summary>
    public void Output(string name, params long[] shape) => _graph.Add((12, Value(name, Float, shape)));

    public byte[] ToModel() => Message(m =>
    {
        Whole(m, 1, IrVersion);
        Bytes(m, 7, Message(g =>
        {
            Text(g, 2, "sample");
            foreach (var (field, message) in _graph) Bytes(g, field, message);
        }));
        Bytes(m, 8, Message(o => Whole(o, 2, Opset)));
    });

    private static int ElementType<T>() => typeof(T) == typeof(float) ? Float : typeof(T) == typeof(int) ? 6 : 7;

    private static byte[] Value(string name, int type, long[] shape) => Message(v =>
    {
        Text(v, 1, name);
        Bytes(v, 2, Message(t => Bytes(t, 1, Message(tensor =>
        {
            Whole(tensor, 1, type);
            Bytes(tensor, 2, Message(s =>
            {
                foreach (var (i, dimension) in shape.Index())
                    Bytes(s, 1, Message(d =>
                    {
                        if (dimension > 0) Whole(d, 1, dimension);
                        else Text(d, 2, $"open{i}");
                    }));
            }));
        }))));
    });

    private static byte[] Message(Action<CodedOutputStream> write)
    {
        using var memory = new MemoryStream();
        using var output = new CodedOutputStream(memory);
        write(output);
        output.Flush();
        return memory.ToArray();
    }

    private static void Whole(CodedOutputStream output, int field, long value)
    {
        output.WriteTag(field, WireFormat.WireType.Varint);
        output.WriteInt64(value);
    }

    private static void Text(CodedOutputStream output, int field, string text)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteString(text);
    }

    private static void Bytes(CodedOutputStream output, int field, byte[] bytes)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(bytes));
    }
}
