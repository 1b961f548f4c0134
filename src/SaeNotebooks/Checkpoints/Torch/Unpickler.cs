using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace SaeNotebooks.Checkpoints.Torch;

/// <summary>
/// Reads a pickle as data: numbers, strings, lists, tuples, dictionaries, and tensors by <see cref="PickleGlobals"/>. The opcodes are those
/// of Python's pickletools; one that is not needed for a state dictionary is refused.
/// </summary>
/// <param name="bytes">one or several pickles in a row</param>
internal sealed class Unpickler(ReadOnlyMemory<byte> bytes)
{
    private static readonly object Mark = new();
    private readonly List<object?> _stack = [];
    private readonly Dictionary<long, object?> _memo = [];

    /// <summary>The next byte to read.</summary>
    public int Position { get; private set; }

    /// <summary>Reads one pickle.</summary>
    /// <returns>null, bool, long, double, string, byte[], List, object[] for a tuple, Dictionary, or a <see cref="PickledTensor"/></returns>
    /// <exception cref="PickleException">something that is not allowed, or damage</exception>
    public object? Load()
    {
        _stack.Clear();
        _memo.Clear();
        try
        {
            while (true)
            {
                var opcode = (char)Take(1)[0];
                if (opcode == '.') return Pop();
                Execute(opcode);
            }
        }
        catch (Exception e) when (e is ArgumentException or InvalidCastException or NullReferenceException or KeyNotFoundException or OverflowException or IndexOutOfRangeException)
        {
            throw new PickleException($"its pickle is damaged at byte {Position} ({e.Message})");
        }
    }

    private void Execute(char opcode)
    {
        switch (opcode)
        {
            case '\x80': Take(1); break; // protocol
            case '\x95': Take(8); break; // frame
            case '(': _stack.Add(Mark); break;
            case 'N': _stack.Add(null); break;
            case '\x88': _stack.Add(true); break;
            case '\x89': _stack.Add(false); break;
            case 'K': _stack.Add((long)Take(1)[0]); break;
            case 'M': _stack.Add((long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2))); break;
            case 'J': _stack.Add((long)Int32()); break;
            case '\x8a': _stack.Add(Integer(new BigInteger(Take(Take(1)[0])))); break;
            case 'G': _stack.Add(BinaryPrimitives.ReadDoubleBigEndian(Take(8))); break;
            case 'X': _stack.Add(Text(Int32())); break;
            case '\x8c': _stack.Add(Text(Take(1)[0])); break;
            case '\x8d': _stack.Add(Text(checked((int)BinaryPrimitives.ReadInt64LittleEndian(Take(8))))); break;
            case 'U': _stack.Add(Text(Take(1)[0])); break;
            case 'C': _stack.Add(Take(Take(1)[0]).ToArray()); break;
            case 'B': _stack.Add(Take(Int32()).ToArray()); break;
            case ')': _stack.Add(Array.Empty<object?>()); break;
            case 't': _stack.Add(PopToMark()); break;
            case '\x85': Tuple(1); break;
            case '\x86': Tuple(2); break;
            case '\x87': Tuple(3); break;
            case ']': _stack.Add(new List<object?>()); break;
            case 'a': Append([Pop()]); break;
            case 'e': Append(PopToMark()); break;
            case '}': _stack.Add(new Dictionary<object, object?>()); break;
            case 's': SetItems([.. Enumerable.Reverse([Pop(), Pop()])]); break;
            case 'u': SetItems(PopToMark()); break;
            case 'q': _memo[Take(1)[0]] = _stack[^1]; break;
            case 'r': _memo[Int32()] = _stack[^1]; break;
            case '\x94': _memo[_memo.Count] = _stack[^1]; break;
            case 'h': _stack.Add(_memo[Take(1)[0]]); break;
            case 'j': _stack.Add(_memo[Int32()]); break;
            case 'c': _stack.Add(PickleGlobals.Find(Line(), Line())); break;
            case '\x93': StackGlobal(); break;
            case 'R': Reduce(); break;
            case 'b': Pop(); break; // a state dictionary's _metadata, which holds no weights
            case 'Q': _stack.Add(Storage((object?[])Pop()!)); break;
            default: throw new PickleException($"it uses the pickle instruction 0x{(int)opcode:x2}, which no file of tensors needs");
        }
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count < 0 || count > bytes.Length - Position) throw new PickleException($"its pickle ends at byte {bytes.Length}, in the middle of something; it is truncated");
        Position += count;
        return bytes.Span.Slice(Position - count, count);
    }

    private int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    private string Text(int length) => Encoding.UTF8.GetString(Take(length));

    private string Line()
    {
        var length = bytes.Span[Position..].IndexOf((byte)'\n');
        var text = Text(length); // −1, where there is no line, is refused by Take
        Take(1);
        return text;
    }

    private static object Integer(BigInteger value) => value >= long.MinValue && value <= long.MaxValue ? (long)value : value;

    private object? Pop()
    {
        var top = _stack[^1];
        if (ReferenceEquals(top, Mark)) throw new PickleException($"its pickle is damaged at byte {Position}");
        _stack.RemoveAt(_stack.Count - 1);
        return top;
    }

    private object?[] PopToMark()
    {
        var mark = _stack.FindLastIndex(item => ReferenceEquals(item, Mark));
        object?[] items = [.. _stack[(mark + 1)..]];
        _stack.RemoveRange(mark, _stack.Count - mark);
        return items;
    }

    private void Tuple(int count)
    {
        object?[] items = [.. _stack[^count..]];
        _stack.RemoveRange(_stack.Count - count, count);
        _stack.Add(items);
    }

    private void Append(object?[] items) => ((List<object?>)_stack[^1]!).AddRange(items);

    private void SetItems(object?[] keysAndValues)
    {
        var dictionary = (Dictionary<object, object?>)_stack[^1]!;
        foreach (var pair in keysAndValues.Chunk(2)) dictionary[pair[0]!] = pair[1];
    }

    private void StackGlobal()
    {
        var name = (string)Pop()!;
        _stack.Add(PickleGlobals.Find((string)Pop()!, name));
    }

    private void Reduce()
    {
        var arguments = (object?[])Pop()!;
        var function = Pop() as PickleGlobals.Callable ?? throw new PickleException("it calls what is not a function");
        _stack.Add(function(arguments));
    }

    /// <summary>A persistent id: ('storage', type, key, device, element count[, view]).</summary>
    private static PickledStorage Storage(object?[] id) =>
        id is ["storage", TorchSharp.torch.ScalarType dtype, string key, string, long count, ..] && count >= 0
            ? new(key, dtype, count) : throw new PickleException("a storage is described in an unknown way");
}
