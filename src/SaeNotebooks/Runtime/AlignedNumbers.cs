using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SaeNotebooks.Runtime;

/// <summary>Room for numbers that begins where a line of the cache does: a vector that lies across two lines takes two reads.</summary>
internal static unsafe class AlignedNumbers
{
    private const int Line = 64;

    [ThreadStatic]
    private static float[]? t_room;

    /// <summary>The calling thread's room, with whatever was left in it; it does not move, and is the same until more is asked for.</summary>
    /// <param name="count">numbers</param>
    public static Span<float> OfThisThread(int count)
    {
        const int spare = Line / sizeof(float);
        if (t_room is null || t_room.Length < count + spare) t_room = GC.AllocateUninitializedArray<float>(2 * count + spare, pinned: true);
        var start = Marshal.UnsafeAddrOfPinnedArrayElement(t_room, 0);
        return t_room.AsSpan((int)((Line - start % Line) % Line / sizeof(float)), count);
    }

    /// <summary>The address of such room.</summary>
    public static nint Start(Span<float> room) => (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(room));
}
