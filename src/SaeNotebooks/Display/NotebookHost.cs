using System.Reflection;

namespace SaeNotebooks.Display;

/// <summary>
/// The running cell of a .NET notebook kernel, reached by reflection on .NET Interactive's type names, so that the library
/// references no host; any kernel that offers types of these names is served too.
/// </summary>
internal sealed class NotebookHost
{
    private const string Space = "Microsoft.DotNet.Interactive.";
    private static readonly AsyncLocal<CancellationToken> Ending = new();
    private static PropertyInfo? _current; // looked for until a host is there
    private readonly object _context;
    private readonly MethodInfo _display;

    private NotebookHost(object context, MethodInfo display) => (_context, _display) = (context, display);

    /// <summary>The host of the cell that is running; null outside of a notebook.</summary>
    public static NotebookHost? Current
    {
        get
        {
            var context = RunningCell();
            var display = context is null ? null : DisplayMethod(context.GetType());
            return display is null ? null : new(context!, display);
        }
    }

    /// <summary>Cancelled when the cell is interrupted.</summary>
    public CancellationToken Cancellation => CancellationOr(default);

    /// <summary>The token that a caller gave, or, if none was, that of <see cref="EndWith"/>, or that of the running cell: its interrupt button ends
    /// the work.</summary>
    public static CancellationToken CancellationOr(CancellationToken given) =>
        given.CanBeCanceled ? given : Ending.Value.CanBeCanceled ? Ending.Value : RunningCell() is { } cell ? CancellationOf(cell) : given;

    /// <summary>From here on, in this flow of control alone, work that was given no token ends with this one and not with the cell.</summary>
    public static void EndWith(CancellationToken cancellation) => Ending.Value = cancellation;

    /// <summary>Displays a value in the cell's output.</summary>
    /// <param name="value">the value</param>
    /// <param name="mimeTypes">as what; HTML by default</param>
    /// <returns>what replaces it by another value</returns>
    public Action<object> Display(object value, params string[] mimeTypes)
    {
        var displayed = _display.Invoke(null, [_context, value, mimeTypes.Length > 0 ? mimeTypes : [MimeTypes.Html]]);
        var update = displayed?.GetType().GetMethods().FirstOrDefault(m => m.Name == "Update" && m.GetParameters().Length == 1);
        return update is null ? _ => { } : next => update.Invoke(displayed, [next]);
    }

    private static object? RunningCell() =>
        (_current ??= Find("KernelInvocationContext")?.GetProperty("Current", BindingFlags.Public | BindingFlags.Static))?.GetValue(null);

    private static CancellationToken CancellationOf(object cell) =>
        cell.GetType().GetProperty("CancellationToken")?.GetValue(cell) is CancellationToken token ? token : default;

    private static MethodInfo? DisplayMethod(Type context) => Find("KernelInvocationContextExtensions")?
        .GetMethods(BindingFlags.Public | BindingFlags.Static).FirstOrDefault(m => m.Name == "Display" && m.GetParameters() is { Length: 3 } p
            && p[0].ParameterType.IsAssignableFrom(context) && p[1].ParameterType == typeof(object) && p[2].ParameterType == typeof(string[]));

    /// <summary>A type of the host; null outside of a notebook.</summary>
    internal static Type? Find(string name) =>
        AppDomain.CurrentDomain.GetAssemblies().Select(a => a.GetType(Space + name)).FirstOrDefault(t => t is not null);
}
